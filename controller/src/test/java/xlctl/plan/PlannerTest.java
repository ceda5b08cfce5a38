package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.remove;
import static xlctl.plan.ObservedCluster.up;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.json.Json;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.topology.EngineKind;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** What holds for the plans of all commands. */
class PlannerTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @Test
    void everyPlanSurvivesTheJournal() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        cluster.answering(cluster.report("h1", up("gtm_1.1")));
        cluster.answering(cluster.report("h2", up("coord_1.1")));
        cluster.answering(cluster.report("h3", up("data_1.1")));
        cluster.answer(COORDINATOR, new Reply.UserTables(List.of(), 0));
        cluster.answer(DATANODE, new Reply.UserTables(List.of(), 0));
        for (Command command :
                List.of(
                        new Command.AddNode(node(NodeKind.DATANODE, "data_2", "h1", 5433)),
                        remove(NodeKind.COORDINATOR, "coord_1", Disposal.KEEP),
                        new Command.Start(Target.ALL),
                        new Command.Stop(Target.ALL, StopMode.FAST),
                        new Command.Kill(Target.ALL))) {
            cluster.hasRoomFor(node(NodeKind.DATANODE, "data_2", "h1", 5433));
            Plan plan = cluster.planOf(command);

            assertThat(Json.read(Json.write(plan), Plan.class, "test")).isEqualTo(plan);
        }
    }

    @Test
    void anOpenOperationAndTheLockAreReasonsWithTheirOwners() {
        cluster.have(GTM);
        cluster.open(operation(7, OperationHeader.State.STUCK));

        assertThat(cluster.reasons(new Command.Start(Target.ALL)))
                .containsExactly(
                        "operation 7 is open: add something, begun by alice from db1 at"
                                + " 1970-01-01T00:00:00Z (operation resume 7)");
        cluster.locked(new LockHolder("bob", "db2", "stop all", Instant.EPOCH));
        assertThat(cluster.reasons(new Command.Start(Target.ALL)))
                .hasSize(2)
                .anySatisfy(
                        reason ->
                                assertThat(reason)
                                        .contains("bob from db2 since 1970-01-01T00:00:00Z"));
    }

    @Test
    void rollbackIsNotPromisedForAnOperationWhoseShellDied() {
        cluster.have(GTM);
        cluster.open(operation(7, OperationHeader.State.RUNNING));

        assertThat(cluster.reasons(new Command.Start(Target.ALL)))
                .singleElement()
                .asString()
                .endsWith("(operation resume 7; operation show 7 says whether rollback will do)");
    }

    @Test
    void allReasonsAreSaidAtOnce() {
        cluster.have(GTM, COORDINATOR);
        cluster.open(operation(7, OperationHeader.State.RUNNING));
        cluster.locked(new LockHolder("bob", "db2", "stop all", Instant.EPOCH));
        Node clash = node(NodeKind.GTM, "gtm_1", "h2");
        cluster.answer(clash, new Reply.PlaceReport(List.of(Problem.of("no space", "free some"))));

        assertThat(cluster.reasons(new Command.AddNode(clash)))
                .hasSize(6)
                .extracting(reason -> reason.split(" \\(")[0].split(":")[0].split(",")[0])
                .containsExactly(
                        "the cluster is being changed by bob from db2 since 1970-01-01T00",
                        "operation 7 is open",
                        "the name gtm_1 is taken by gtm gtm_1",
                        "port 5432 on h2 is taken by coord_1",
                        "the cluster has a GTM",
                        "host h2");
    }

    private static OperationHeader operation(long number, OperationHeader.State state) {
        return new OperationHeader(
                number,
                "add something",
                "alice",
                "db1",
                Instant.EPOCH,
                state,
                1,
                Optional.empty(),
                "");
    }
}
