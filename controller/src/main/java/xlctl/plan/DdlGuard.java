package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/**
 * The coordinator that keeps DDL out of the cluster while an operation changes who belongs to it.
 *
 * @param held empty when the cluster has no coordinator
 */
record DdlGuard(Optional<Node> held) {

    /**
     * Chooses one that runs.
     *
     * @param except rather not this one: it is being removed
     * @param refusals is told when there are coordinators and none of them runs, or the GTM that
     *     has the lock does not
     */
    static DdlGuard choose(Observation seen, Optional<NodeName> except, List<Refusal> refusals) {
        List<Node> coordinators = seen.topology().nodes(NodeKind.COORDINATOR);
        if (coordinators.isEmpty()) {
            return new DdlGuard(Optional.empty());
        }
        Optional<Node> running =
                coordinators.stream()
                        .filter(node -> !except.equals(Optional.of(node.name())))
                        .filter(seen::runsByThen)
                        .findFirst()
                        .or(() -> coordinators.stream().filter(seen::runsByThen).findFirst());
        if (running.isEmpty()) {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    (coordinators.stream().allMatch(seen::isDown)
                                                    ? "no coordinator runs"
                                                    : "no coordinator is known to run")
                                            + " that could keep changes of definitions out"
                                            + " meanwhile: "
                                            + String.join(", ", Names.of(coordinators)),
                                    "start coordinator all")));
        }
        requireGtm(seen, refusals);
        return new DdlGuard(running);
    }

    private static void requireGtm(Observation seen, List<Refusal> refusals) {
        if (!EngineRules.ddlIsLockedAtTheGtm(seen.topology().engine())) {
            return;
        }
        seen.topology().nodes(NodeKind.GTM).stream()
                .filter(gtm -> !seen.runsByThen(gtm))
                .forEach(
                        gtm ->
                                refusals.add(
                                        Refusal.unreachable(
                                                Problem.of(
                                                        "the GTM "
                                                                + gtm.name()
                                                                + (seen.isDown(gtm)
                                                                        ? " does not run"
                                                                        : " is not known to run:"
                                                                                + " its agent is not"
                                                                                + " reached")
                                                                + ", so changes of"
                                                                + " definitions cannot be kept out"
                                                                + " meanwhile",
                                                        "start gtm all"))));
    }

    Optional<NodeName> name() {
        return held.map(Node::name);
    }

    Optional<Instance> instance() {
        return held.map(DdlGuard::master);
    }

    void lock(PlanBuilder plan, Optional<NodeName> node) {
        instance()
                .ifPresent(
                        at ->
                                plan.step(
                                                "keep DDL out, by " + at.name().node(),
                                                node,
                                                new Action.LockDdl(at.host(), at.name()),
                                                Optional.of(
                                                        new Action.UnlockDdl(at.host(), at.name())))
                                        .thereafter());
    }

    void check(PlanBuilder plan, Optional<NodeName> node) {
        instance()
                .ifPresent(
                        at ->
                                plan.step(
                                                "see that DDL was kept out, by " + at.name().node(),
                                                node,
                                                new Action.CheckDdlLock(at.host(), at.name()))
                                        .thereafter());
    }

    void unlock(PlanBuilder plan, Optional<NodeName> node) {
        instance()
                .ifPresent(
                        at ->
                                plan.step(
                                                "let DDL in again, by " + at.name().node(),
                                                node,
                                                new Action.UnlockDdl(at.host(), at.name()))
                                        .thereafter());
    }

    private static Instance master(Node node) {
        return node.instances().get(0);
    }
}
