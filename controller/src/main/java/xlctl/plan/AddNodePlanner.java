package xlctl.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Places;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** Prepares, starts and checks a new member; makes it known; lets every host take note of it. */
final class AddNodePlanner {
    private static final long FIRST_GENERATION = 1;

    private final String title;
    private final Node node;
    private final Instance first;
    private Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();
    private final NewService service;
    private DdlGuard guard = new DdlGuard(Optional.empty());
    private Optional<Node> source = Optional.empty();

    AddNodePlanner(String title, Command.AddNode add, Observation seen) {
        this.title = title;
        this.node = add.node();
        this.first = node.instances().get(0);
        this.seen = seen;
        this.service = new NewService(add, seen, refusals);
    }

    Planned plan() {
        seen.contradictions()
                .forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        requireRoomInTopology();
        requireWhatTheEngineTakes();
        requireRightGtm();
        requireOneInstance();
        requireHost();
        requireNothingLeftOfItsName();
        if (refusals.isEmpty()) {
            seen = service.whenThere();
            requireOnlyProxy();
        }
        if (node.kind().inCatalog()) {
            Set<HostName> known = new HashSet<>(seen.coming().keySet());
            known.add(first.host());
            new HostChecks(seen, refusals).requireThatAllFollow(node.kind(), known);
            guard = DdlGuard.choose(seen, Optional.empty(), refusals);
            source = DefinitionsSource.choose(node.kind(), guard, seen, refusals);
        }
        return refusals.isEmpty() ? Planned.ready(steps()) : Planned.refused(refusals);
    }

    private Plan steps() {
        HostName host = first.host();
        Topology topology = seen.topology();
        InstanceSpec spec =
                InstanceSpec.of(topology, seen.nodeStates(), seen.places(), node, first);
        PlanBuilder plan = new PlanBuilder(title);
        boolean hostComes = service.isNeeded() || seen.coming().containsKey(host);
        if (service.isNeeded()) {
            service.addTo(plan);
        } else if (hostComes) {
            plan.waitingFor(List.of(seen.coming().get(host)));
        }
        if (hostComes) {
            plan.step(
                            "see that " + host + " can take " + node.name(),
                            Optional.of(node.name()),
                            new Action.CheckPlace(host, spec))
                    .thereafter();
        }
        plan.step(
                "prepare " + node.name() + " on " + host,
                Optional.of(node.name()),
                new Action.PrepareInstance(host, spec),
                undoOfPreparing());
        if (topology.networks().encrypted()) {
            plan.thereafter()
                    .step(
                            "see that " + host + " has a certificate",
                            Optional.of(node.name()),
                            new Action.CertifyHost(host));
        }
        plan.thereafterWith(neededFirst());
        guard.lock(plan, Optional.of(node.name()));
        source.ifPresent(
                from ->
                        plan.step(
                                        "copy definitions from "
                                                + from.name()
                                                + " to "
                                                + node.name(),
                                        Optional.of(node.name()),
                                        new Action.CopyDefinitions(
                                                host,
                                                first.name(),
                                                from.instances().get(0).address()))
                                .thereafter());
        plan.step(
                        "start " + node.name() + " on " + host,
                        Optional.of(node.name()),
                        new Action.StartInstance(host, first.name(), FIRST_GENERATION))
                .thereafter()
                .step(
                        "check " + node.name() + " on " + host,
                        Optional.of(node.name()),
                        new Action.CheckInstance(host, first.name()))
                .thereafter();
        guard.check(plan, Optional.of(node.name()));
        plan.commit(
                        "add " + node.kind() + " " + node.name() + " to the topology",
                        Optional.of(node.name()),
                        new TopologyChange.Add(node, topology.engine(), topology.networks()))
                .thereafter();
        topology.with(node).hosts().stream()
                .sorted()
                .forEach(
                        each ->
                                plan.step(
                                        "let " + each + " take note of " + node.name(),
                                        Optional.of(node.name()),
                                        new Action.Converge(each)));
        plan.thereafter();
        guard.unlock(plan, Optional.of(node.name()));
        if (node.kind() == NodeKind.GTM_PROXY) {
            new NeighbourRestarts(seen, topology.with(node))
                    .add(plan, "so that it reaches the GTM through " + node.name());
        }
        return plan.build();
    }

    /** With the service that is made for it goes the volume that holds it. */
    private Optional<Action> undoOfPreparing() {
        return service.isMade()
                ? Optional.empty()
                : Optional.of(
                        new Action.DiscardInstance(first.host(), first.name(), Disposal.UNDO));
    }

    /** What must be in the cluster before DDL is kept out and the new server can start. */
    private List<NodeName> neededFirst() {
        List<NodeName> needed = new ArrayList<>();
        boolean byGtm =
                EngineRules.nodesStartByTheirGtm(seen.topology().engine())
                        || guard.held().isPresent();
        if (node.kind() != NodeKind.GTM && byGtm) {
            seen.topology().nodes(NodeKind.GTM).forEach(gtm -> needed.add(gtm.name()));
            proxiesNear().forEach(proxy -> needed.add(proxy.name()));
        }
        guard.name().ifPresent(needed::add);
        source.map(Node::name).filter(name -> !needed.contains(name)).ifPresent(needed::add);
        return needed;
    }

    private void requireRoomInTopology() {
        seen.topology()
                .conflicts(node)
                .forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
    }

    private void requireWhatTheEngineTakes() {
        EngineRules.kindProblem(seen.topology().engine(), node.kind())
                .or(() -> EngineRules.nameProblem(seen.topology(), node))
                .ifPresent(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        requireOnlyProxy();
    }

    private void requireOnlyProxy() {
        if (node.kind() == NodeKind.GTM_PROXY) {
            proxiesNear().forEach(proxy -> refusals.add(oneIsEnough(proxy)));
        }
    }

    /** Those that may serve the new node: on its host or, where it runs in a place, there. */
    private List<Node> proxiesNear() {
        Places places = seen.places();
        return seen.topology().nodes(NodeKind.GTM_PROXY).stream()
                .filter(proxy -> places.together(proxy.instances().get(0).host(), first.host()))
                .toList();
    }

    private Refusal oneIsEnough(Node proxy) {
        HostName host = proxy.instances().get(0).host();
        return host.equals(first.host())
                ? Refusal.refused(
                        "host " + host + " has a GTM proxy, " + proxy.name(),
                        "one is enough for all nodes of a host")
                : Refusal.refused(
                        "host "
                                + first.host()
                                + " runs in one place with "
                                + host
                                + ", which has a GTM proxy, "
                                + proxy.name(),
                        "one is enough for all nodes of a place");
    }

    private void requireRightGtm() {
        Optional<Node> gtm = seen.topology().nodes(NodeKind.GTM).stream().findFirst();
        if (node.kind() == NodeKind.GTM) {
            gtm.ifPresent(
                    present ->
                            refusals.add(
                                    Refusal.refused(
                                            "the cluster has a GTM, "
                                                    + present.name()
                                                    + " at "
                                                    + present.instances().get(0).address()
                                                    + ", and can have only one",
                                            "remove that one first: remove gtm master")));
        } else if (gtm.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the cluster has no GTM yet, which a " + node.kind() + " needs",
                            "first: add gtm master NAME HOST PORT DIR"));
        }
    }

    /**
     * Tables that had rows on a lost datanode would be taken for tables of the one that has its
     * name, and nobody would be told of them any more.
     */
    private void requireNothingLeftOfItsName() {
        seen.topology().nodes(NodeKind.COORDINATOR).stream()
                .flatMap(coordinator -> coordinator.instances().stream())
                .flatMap(instance -> seen.host(instance.host()).flatMap(HostView::report).stream())
                .flatMap(report -> report.leftovers().orElse(List.of()).stream())
                .filter(left -> left.node().equals(node.name().value()))
                .map(Leftover::problem)
                .distinct()
                .forEach(
                        left ->
                                refusals.add(
                                        Refusal.refused(
                                                "a node "
                                                        + node.name()
                                                        + " was there before: "
                                                        + left.what(),
                                                "choose another name, or "
                                                        + left.remedy()
                                                        + ", and see by monitor all that"
                                                        + " nothing is left")));
    }

    private void requireOneInstance() {
        if (node.instances().size() > 1) {
            refusals.add(
                    Refusal.refused(
                            node.name() + " is to be added with more than its master",
                            "add the master alone"));
        }
    }

    private void requireHost() {
        HostName host = first.host();
        if (service.isNeeded()) {
            service.requirePossible();
            return;
        }
        service.requireNothingToPlace();
        if (seen.coming().containsKey(host)) {
            return;
        }
        Optional<Reply.HostReport> report = new HostChecks(seen, refusals).reportOf(host);
        if (report.isEmpty()) {
            return;
        }
        refusals.addAll(HostFitness.of(host, report.get(), seen.topology().engine()));
        requireKnownServersOnly(report.get());
        requirePlace();
    }

    /** An empty store beside servers that hold data is never a fresh start. */
    private void requireKnownServersOnly(Reply.HostReport report) {
        if (!seen.founded() && !report.instances().isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the store has no topology, yet the agent of host "
                                    + report.host()
                                    + " runs "
                                    + report.instances().stream()
                                            .map(instance -> instance.instance().toString())
                                            .sorted()
                                            .collect(Collectors.joining(", ")),
                            "restore ZooKeeper's data, or use the ZooKeeper and cluster name that"
                                    + " these servers belong to"));
        }
    }

    private void requirePlace() {
        Optional<Reply> answer = seen.answerOn(first);
        if (answer.isPresent() && answer.get() instanceof Reply.PlaceReport place) {
            place.problems().forEach(this::noteOfPlace);
        } else if (answer.isPresent() && answer.get() instanceof Reply.Failed failed) {
            failed.problems().forEach(this::noteOfPlace);
        } else {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "the agent of host "
                                            + first.host()
                                            + " did not say whether "
                                            + node.name()
                                            + " can be prepared there",
                                    "try again")));
        }
    }

    /** Several reasons may be seen from both sides: the topology's and the agent's. */
    private void noteOfPlace(Problem problem) {
        refusals.add(
                Refusal.refused("host " + first.host() + ": " + problem.what(), problem.remedy()));
    }
}
