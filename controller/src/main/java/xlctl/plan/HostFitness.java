package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import xlctl.agent.api.Reply;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** Whether a host can run servers of the cluster's engine and follow the topology. */
public final class HostFitness {
    private HostFitness() {}

    /**
     * @return every reason why not
     */
    public static List<Refusal> of(HostName host, Reply.HostReport report, EngineKind wanted) {
        List<Refusal> reasons = new ArrayList<>();
        Reply.EngineReport engine = report.engine();
        if (engine.kind() != wanted) {
            reasons.add(
                    Refusal.refused(
                            "the agent of host "
                                    + host
                                    + " runs "
                                    + engine.kind()
                                    + ", the cluster is of "
                                    + wanted,
                            "set the agent's engine to " + wanted));
        }
        engine.problems()
                .forEach(
                        problem ->
                                reasons.add(
                                        Refusal.refused(
                                                "host " + host + ": " + problem.what(),
                                                problem.remedy())));
        if (!report.storeConnected()) {
            reasons.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "the agent of host "
                                            + host
                                            + " is not connected to ZooKeeper, so it cannot follow"
                                            + " the topology",
                                    "see the agent's log, and its settings zookeeper and"
                                            + " zookeeper-identity")));
        }
        return reasons;
    }
}
