package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** Prepares, starts and checks a new member; makes it known; lets every host take note of it. */
final class AddNodePlanner {
    private static final long FIRST_GENERATION = 1;

    private final String title;
    private final Node node;
    private final Instance first;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    AddNodePlanner(String title, Node node, Observation seen) {
        this.title = title;
        this.node = node;
        this.first = node.instances().get(0);
        this.seen = seen;
    }

    Planned plan() {
        requireRoomInTopology();
        requireRightGtm();
        requireOneInstance();
        requireHost();
        return refusals.isEmpty() ? Planned.ready(steps()) : Planned.refused(refusals);
    }

    private Plan steps() {
        HostName host = first.host();
        Topology topology = seen.topology();
        InstanceSpec spec = InstanceSpec.of(topology, seen.nodeStates(), node, first);
        PlanBuilder plan =
                new PlanBuilder(title)
                        .step(
                                "prepare " + node.name() + " on " + host,
                                Optional.of(node.name()),
                                new Action.PrepareInstance(host, spec),
                                Optional.of(
                                        new Action.DiscardInstance(
                                                host, first.name(), Disposal.ERASE)))
                        .thereafter()
                        .step(
                                "start " + node.name() + " on " + host,
                                Optional.of(node.name()),
                                new Action.StartInstance(host, first.name(), FIRST_GENERATION))
                        .thereafter()
                        .step(
                                "check " + node.name() + " on " + host,
                                Optional.of(node.name()),
                                new Action.CheckInstance(host, first.name()))
                        .thereafter()
                        .commit(
                                "add " + node.kind() + " " + node.name() + " to the topology",
                                node.name(),
                                new TopologyChange.Add(
                                        node, topology.engine(), topology.networks()))
                        .thereafter();
        topology.with(node).hosts().stream()
                .sorted()
                .forEach(
                        each ->
                                plan.step(
                                        "let " + each + " take note of " + node.name(),
                                        Optional.of(node.name()),
                                        new Action.Converge(each)));
        return plan.build();
    }

    private void requireRoomInTopology() {
        seen.topology()
                .conflicts(node)
                .forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
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
        } else if (node.kind() == NodeKind.GTM_PROXY) {
            refusals.add(
                    Refusal.refused(
                            "a gtm_proxy cannot be added: the engine "
                                    + seen.topology().engine()
                                    + " has none",
                            "coordinators and datanodes reach the GTM directly"));
        } else if (gtm.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the cluster has no GTM yet, which a " + node.kind() + " needs",
                            "first: add gtm master NAME HOST PORT DIR"));
        }
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
        HostChecks hosts = new HostChecks(seen, refusals);
        Optional<Reply.HostReport> report = hosts.reportOf(host);
        if (report.isEmpty()) {
            return;
        }
        hosts.requireFitFor(host, report.get());
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
