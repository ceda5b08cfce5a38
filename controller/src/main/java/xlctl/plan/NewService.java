package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.Protocol;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.monitor.HostView;
import xlctl.swarm.MemberSpecs;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmNames;
import xlctl.swarm.SwarmNode;
import xlctl.swarm.SwarmView;
import xlctl.text.NearNames;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;

/**
 * The Docker service that the host of an added node becomes, where the host is not registered and
 * the command or the settings say so. One that is there already, made by a script, is taken as it
 * is.
 */
final class NewService {
    private static final Pattern SERVICE_NAME =
            Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");

    private final Node node;
    private final HostName host;
    private final Optional<ServiceWish> said;
    private final ServiceWish wish;
    private final Observation seen;
    private final SwarmView view;
    private final Placement placement;
    private final SwarmNames names;
    private final List<Refusal> refusals;
    private List<String> constraints = List.of();

    /**
     * @param refusals is told every reason why not
     */
    NewService(Command.AddNode add, Observation seen, List<Refusal> refusals) {
        this.node = add.node();
        this.host = node.instances().get(0).host();
        this.said = add.service();
        this.wish = said.orElse(ServiceWish.ANYWHERE);
        this.seen = seen;
        this.view = seen.swarmView();
        this.placement = new Placement(view);
        this.names = new SwarmNames(seen.topology().cluster());
        this.refusals = refusals;
    }

    /** Whether the host is to become one. */
    boolean isNeeded() {
        boolean wanted =
                said.isPresent()
                        || seen.swarm().map(facts -> facts.settings().always()).orElse(false);
        return wanted
                && !seen.coming().containsKey(host)
                && seen.host(host).flatMap(HostView::record).isEmpty();
    }

    /** Whether it is made, with a volume of its own, and not only registered. */
    boolean isMade() {
        return isNeeded() && !isThere();
    }

    /** Where the host is what it is already, nothing can be said of it any more. */
    void requireNothingToPlace() {
        if (!wish.equals(ServiceWish.ANYWHERE)) {
            boolean coming = seen.coming().containsKey(host);
            refuse(
                    coming
                            ? "host "
                                    + host
                                    + " is made by the command that adds "
                                    + seen.coming().get(host)
                                    + ", so it is decided there where it runs and what it publishes"
                            : "host "
                                    + host
                                    + " is registered already, so nothing can be said of where it"
                                    + " runs and what it publishes",
                    coming
                            ? "give --on, --constraint and --publish there"
                            : "leave out --on, --constraint and --publish");
        }
    }

    void requirePossible() {
        view.unusable()
                .forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        requireName();
        requireNetwork();
        if (isThere()) {
            requireNothingToDecide();
            return;
        }
        if (!isReserved()) {
            requireNothingInTheWay();
        }
        if (wish.published().isPresent() && node.kind() != NodeKind.COORDINATOR) {
            refuse(
                    node.name() + " is a " + node.kind() + ", which no client connects to",
                    "leave out --publish: coordinators are what clients reach");
        }
        if (wish.node().isPresent() && !wish.constraints().isEmpty()) {
            refuse(
                    "--on and --constraint both say where " + host + " is to run",
                    "give one of them; --on NODE is --constraint node.hostname==NODE");
        } else if (!wish.constraints().isEmpty()) {
            constraints = wish.constraints();
        } else if (view.unusable().isEmpty()) {
            chosen().ifPresent(chosen -> constraints = List.of(Placement.pinnedTo(chosen)));
        }
    }

    /** What is seen once it is there. To be asked for when nothing keeps it from being made. */
    Observation whenThere() {
        return isMade() ? seen.with(spec()) : seen;
    }

    /** What comes before anything is prepared on the host. */
    void addTo(PlanBuilder plan) {
        if (isMade()) {
            ServiceSpec spec = spec();
            plan.step(
                            "create service "
                                    + spec.name()
                                    + " where "
                                    + String.join(", ", spec.constraints()),
                            Optional.of(node.name()),
                            new Action.CreateService(spec),
                            Optional.of(new Action.RemoveService(host)))
                    .thereafter();
        }
        plan.step(
                        "register " + host + " when its agent is there",
                        Optional.of(node.name()),
                        new Action.RegisterHost(
                                host,
                                new HostPort(host, Protocol.DEFAULT_PORT),
                                names.service(host)),
                        Optional.of(new Action.UnregisterHost(host, Optional.empty())))
                .thereafter();
    }

    private ServiceSpec spec() {
        SwarmFacts facts = seen.swarm().orElseThrow();
        Port inside = node.instances().get(0).port();
        return new MemberSpecs(
                        seen.topology().cluster(),
                        seen.topology().engine(),
                        facts.zooKeeper(),
                        network().orElseThrow(),
                        facts.settings())
                .of(
                        host,
                        node.kind() == NodeKind.COORDINATOR,
                        constraints,
                        wish.published()
                                .map(outside -> new ServiceSpec.PublishedPort(outside, inside)));
    }

    /** What is there under such a name is the cluster's own. */
    private boolean isReserved() {
        return SwarmNames.RESERVED.contains(host);
    }

    private boolean isThere() {
        return view.members().containsKey(host);
    }

    private Optional<Cidr> network() {
        return seen.topology().networks().cluster().stream().findFirst();
    }

    private void requireName() {
        if (isReserved()) {
            refuse(
                    host + " is no name for a member's host: the cluster's own service has it",
                    "choose another name");
        } else if (host.isAddress() || host.value().contains(".")) {
            refuse(
                    host
                            + " can be no service: its name is "
                            + (host.isAddress() ? "an address" : "made of several labels"),
                    "choose one word, as in coord-m-1; for a machine: host accept " + host);
        } else if (!SERVICE_NAME.matcher(names.service(host)).matches()) {
            refuse(
                    "\""
                            + names.service(host)
                            + "\" can be no service's name: at most 63 letters, digits, '-' and '_',"
                            + " ending with a letter or digit",
                    "choose a shorter or plainer name for the host");
        }
    }

    private void requireNetwork() {
        if (network().isEmpty()) {
            refuse(
                    "networks.cluster is not set, the network in which the agent of a service"
                            + " listens",
                    seen.founded()
                            ? "it is fixed when the first node is added: only a new cluster can be"
                                    + " made with it"
                            : "set it to the subnet of "
                                    + names.clusterNetwork()
                                    + ": docker network inspect "
                                    + names.clusterNetwork());
        }
    }

    private void requireNothingToDecide() {
        if (!wish.equals(ServiceWish.ANYWHERE)) {
            refuse(
                    "service "
                            + names.service(host)
                            + " is there already, so nothing can be said of where it runs and what"
                            + " it publishes",
                    "leave out --on, --constraint and --publish, or remove that service first");
        }
    }

    private void requireNothingInTheWay() {
        if (view.foreignServices().contains(names.service(host))) {
            refuse(
                    "there is a service " + names.service(host) + " that is not of this cluster",
                    "choose another name for the host, or remove that service");
        }
        if (view.volumes().contains(names.volume(host))) {
            refuse(
                    "there is a volume "
                            + names.volume(host)
                            + " already: it may hold the data of an earlier host "
                            + host,
                    "if nobody needs it: docker volume rm " + names.volume(host));
        }
        if (seen.host(host).flatMap(HostView::presence).isPresent()) {
            refuse(
                    "an agent of a host "
                            + host
                            + " is connected to ZooKeeper, and there is no service "
                            + names.service(host),
                    "if it is a machine: host accept "
                            + host
                            + "; if it is what remains of a removed service, try again in a moment");
        }
    }

    private Optional<SwarmNode> chosen() {
        Optional<SwarmNode> chosen =
                wish.node().isPresent()
                        ? named(wish.node().get())
                        : placement.leastUsed(wish.published());
        if (wish.node().isEmpty() && chosen.isEmpty()) {
            refuse(
                    "no node of the Swarm can take the service"
                            + wish.published()
                                    .map(port -> " and has port " + port + " free")
                                    .orElse("")
                            + ": "
                            + states(),
                    "see: docker node ls");
        }
        return chosen;
    }

    private Optional<SwarmNode> named(String name) {
        List<SwarmNode> called = placement.called(name);
        if (called.isEmpty()) {
            String near = NearNames.question(name, hostnames());
            refuse(
                    "the Swarm has no node " + name + (near.isEmpty() ? "" : ": " + near),
                    "its nodes are " + String.join(", ", hostnames()));
            return Optional.empty();
        }
        if (called.size() > 1) {
            refuse(
                    "several nodes of the Swarm are called " + name,
                    called.stream()
                            .map(each -> "--constraint node.id==" + each.id())
                            .collect(Collectors.joining(" or ", "give ", "")));
            return Optional.empty();
        }
        SwarmNode found = called.get(0);
        if (!found.ready()) {
            refuse(
                    "the Swarm's node " + name + " takes no services: it is " + found.state(),
                    "bring it back, or choose another one");
        }
        wish.published()
                .flatMap(port -> placement.publisher(found, port))
                .ifPresent(
                        member ->
                                refuse(
                                        "port "
                                                + wish.published().get()
                                                + " of the Swarm's node "
                                                + name
                                                + " is taken by "
                                                + names.service(member.host()),
                                        "publish another port, or on another node"));
        return Optional.of(found);
    }

    private List<String> hostnames() {
        return view.nodes().stream().map(SwarmNode::hostname).sorted().toList();
    }

    private String states() {
        Stream<String> states =
                view.nodes().stream().map(each -> each.hostname() + " is " + each.state()).sorted();
        String all = states.collect(Collectors.joining(", "));
        return all.isEmpty() ? "it has no nodes" : all;
    }

    private void refuse(String what, String remedy) {
        refusals.add(Refusal.refused(what, remedy));
    }
}
