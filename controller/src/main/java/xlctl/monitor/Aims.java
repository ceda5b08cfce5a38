package xlctl.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Greeting;
import xlctl.agent.api.Reply;
import xlctl.store.HostRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** What every host should reach, and the matrix of what their agents said of it. Pure. */
final class Aims {
    /** An agent, or the server of an instance. */
    private record Aim(HostName host, Optional<Server> server, Destination destination) {}

    private record Server(InstanceName instance, NodeKind kind) {}

    /**
     * What an agent said.
     *
     * @param attempts empty when it said nothing
     * @param silent why; empty when it spoke
     */
    record Said(List<Reply.Attempt> attempts, Optional<Problem> silent) {
        static Said nothing(Problem why) {
            return new Said(List.of(), Optional.of(why));
        }
    }

    private final SortedMap<HostName, List<Aim>> onHosts = new TreeMap<>();

    Aims(Collection<HostRecord> hosts, Optional<Topology> topology) {
        for (HostRecord host : hosts) {
            add(
                    new Aim(
                            host.host(),
                            Optional.empty(),
                            new Destination(host.agent(), Greeting.SSH)));
        }
        topology.ifPresent(this::addServers);
    }

    private void addServers(Topology topology) {
        for (Node node : topology.nodes()) {
            for (Instance instance : node.instances()) {
                add(server(topology.engine(), node, instance));
            }
        }
    }

    private void add(Aim aim) {
        onHosts.computeIfAbsent(aim.host(), host -> new ArrayList<>()).add(aim);
    }

    private static Aim server(EngineKind engine, Node node, Instance instance) {
        return new Aim(
                instance.host(),
                Optional.of(new Server(instance.name(), node.kind())),
                new Destination(instance.address(), greeting(engine, node.kind())));
    }

    /** Whoever begins to talk to a GTM of the real engines must go on, or it logs an error. */
    private static Greeting greeting(EngineKind engine, NodeKind kind) {
        return switch (engine) {
            case POSTGRESQL -> Greeting.POSTGRESQL;
            case POSTGRES_XL, OPENTENBASE ->
                    kind.inCatalog() ? Greeting.POSTGRESQL_BEFORE_12 : Greeting.CONNECTION;
        };
    }

    /** What a host is asked to try: all but its own agent, which answers by answering. */
    List<Destination> of(HostName from) {
        return aims(from).map(Aim::destination).toList();
    }

    private Stream<Aim> aims(HostName from) {
        return onHosts.values().stream()
                .flatMap(List::stream)
                .filter(aim -> aim.server().isPresent() || !aim.host().equals(from));
    }

    /**
     * Lays out what was said.
     *
     * @param said by the registered hosts
     * @param stopped the instances that need not run
     */
    HostMatrix matrix(Map<HostName, Said> said, Set<InstanceName> stopped) {
        List<HostMatrix.Host> hosts = new ArrayList<>();
        List<Way> ways = new ArrayList<>();
        for (HostName from : onHosts.keySet()) {
            Said words = said.getOrDefault(from, Said.nothing(unregistered(from)));
            hosts.add(new HostMatrix.Host(from, words.silent()));
            Map<HostPort, Reply.Attempt> attempts = new HashMap<>();
            words.attempts().forEach(attempt -> attempts.put(attempt.address(), attempt));
            aims(from)
                    .map(
                            aim ->
                                    way(
                                            from,
                                            aim,
                                            Optional.ofNullable(
                                                    attempts.get(aim.destination().address())),
                                            words.silent(),
                                            stopped))
                    .forEach(ways::add);
        }
        return new HostMatrix(hosts, ways);
    }

    private static Problem unregistered(HostName host) {
        return Problem.of("host " + host + " is not registered", "host accept " + host);
    }

    private static Way way(
            HostName from,
            Aim aim,
            Optional<Reply.Attempt> attempt,
            Optional<Problem> silent,
            Set<InstanceName> stopped) {
        Optional<String> trouble =
                attempt.isPresent()
                        ? attempt.get().trouble()
                        : Optional.of(
                                silent.map(Problem::what)
                                        .orElse("the agent of host " + from + " does not say"));
        Way.State state = Way.State.OPEN;
        if (attempt.isEmpty()) {
            state = Way.State.UNKNOWN;
        } else if (trouble.isPresent()) {
            boolean onPurpose =
                    aim.server().filter(server -> stopped.contains(server.instance())).isPresent();
            state = onPurpose ? Way.State.STOPPED : Way.State.SHUT;
            trouble = onPurpose ? Optional.of("it is stopped, or was never started") : trouble;
        }
        return new Way(
                from,
                aim.host(),
                aim.server().map(server -> new Way.Server(server.kind(), server.instance().node())),
                aim.destination().address(),
                state,
                attempt.map(Reply.Attempt::took),
                trouble);
    }
}
