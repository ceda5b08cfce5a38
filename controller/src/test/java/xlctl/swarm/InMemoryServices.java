package xlctl.swarm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** Services of a cluster without Docker, and what a test wants to be in their way. Thread-safe. */
public final class InMemoryServices implements MemberServices {
    private final SwarmNames names;
    private final Map<HostName, ServiceSpec> services = new TreeMap<>();
    private final Set<HostName> scripted = new TreeSet<>();
    private final Set<String> volumes = new TreeSet<>();
    private final Set<String> foreign = new TreeSet<>();
    private final List<SwarmNode> nodes = new ArrayList<>();
    private final Map<HostName, String> troubles = new HashMap<>();
    private final Map<String, DockerException> faults = new HashMap<>();
    private boolean intermittent;
    private boolean runsNow;
    private Optional<Problem> unusable = Optional.empty();
    private Consumer<HostName> started = host -> {};
    private Consumer<HostName> ended = host -> {};

    public InMemoryServices(ClusterName cluster) {
        this.names = new SwarmNames(cluster);
        node("swarm-1");
    }

    /** Another machine of the Swarm. */
    public synchronized void node(String hostname) {
        nodes.add(new SwarmNode("id-" + hostname, hostname, nodes.isEmpty(), true, "ready active"));
    }

    /** What happens when the task of a service starts, and when it has ended. */
    public synchronized void onTasks(Consumer<HostName> start, Consumer<HostName> end) {
        started = start;
        ended = end;
    }

    /** The task of this host's service never runs. */
    public synchronized void troubled(String host, String why) {
        troubles.put(new HostName(host), why);
    }

    /** Every second time one looks, the task of this host's service runs, for a while. */
    public synchronized void endingAgainAndAgain(String host, String why) {
        troubled(host, why);
        intermittent = true;
    }

    public synchronized void unusable(Problem why) {
        unusable = Optional.of(why);
    }

    public synchronized void usable() {
        unusable = Optional.empty();
    }

    public synchronized void foreignService(String name) {
        foreign.add(name);
    }

    /** A call of this name fails until {@link #heal}. */
    public synchronized void failing(String call, DockerException.Kind kind, Problem problem) {
        faults.put(call, new DockerException(kind, problem));
    }

    public synchronized void heal() {
        faults.clear();
    }

    /** A service that a script made. */
    public void scripted(String name) {
        HostName host = new HostName(name);
        synchronized (this) {
            scripted.add(host);
            volumes.add(names.volume(host));
        }
        started.accept(host);
    }

    public synchronized Map<HostName, ServiceSpec> services() {
        return Map.copyOf(services);
    }

    public synchronized Set<HostName> hosts() {
        Set<HostName> all = new TreeSet<>(services.keySet());
        all.addAll(scripted);
        return all;
    }

    public synchronized Set<String> volumes() {
        return new TreeSet<>(volumes);
    }

    @Override
    public synchronized SwarmView look() {
        Map<HostName, SwarmView.Member> members = new HashMap<>();
        scripted.forEach(
                host -> members.put(host, new SwarmView.Member(host, Optional.of("swarm-1"))));
        services.forEach(
                (host, spec) ->
                        members.put(
                                host,
                                new SwarmView.Member(
                                        host,
                                        Optional.of("swarm-1"),
                                        spec.published().map(ServiceSpec.PublishedPort::outside))));
        return unusable.map(SwarmView::unusable)
                .orElseGet(
                        () ->
                                new SwarmView(
                                        List.of(),
                                        nodes,
                                        members,
                                        List.copyOf(foreign),
                                        List.copyOf(volumes)));
    }

    @Override
    public void create(ServiceSpec spec) {
        synchronized (this) {
            fail("create");
            if (foreign.contains(spec.name())) {
                throw new DockerException(
                        DockerException.Kind.REFUSED,
                        Problem.of("the name " + spec.name() + " is taken", "choose another"));
            }
            if (services.putIfAbsent(spec.host(), spec) != null || scripted.contains(spec.host())) {
                return;
            }
            volumes.add(spec.volume());
            if (troubles.containsKey(spec.host())) {
                return;
            }
        }
        started.accept(spec.host());
    }

    @Override
    public synchronized Optional<String> trouble(HostName host) {
        fail("trouble");
        runsNow = intermittent && !runsNow;
        return Optional.ofNullable(troubles.get(host)).filter(why -> !runsNow);
    }

    @Override
    public void remove(HostName host) {
        synchronized (this) {
            fail("remove");
            services.remove(host);
            scripted.remove(host);
            volumes.remove(names.volume(host));
        }
        ended.accept(host);
    }

    private void fail(String call) {
        if (faults.containsKey(call)) {
            throw faults.get(call);
        }
    }
}
