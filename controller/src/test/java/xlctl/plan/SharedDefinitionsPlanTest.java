package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.NAME;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.remove;
import static xlctl.plan.ObservedCluster.stages;
import static xlctl.plan.ObservedCluster.up;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** Nodes that copy the definitions of the cluster when they join it. */
class SharedDefinitionsPlanTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRES_XL);

    @Test
    void withSharedDefinitionsANewNodeCopiesThemUnderADdlLock() {
        cluster.have(GTM, COORDINATOR);
        cluster.answering(cluster.report("h2", up("coord_1.1")));
        cluster.answering(cluster.report("h3"));

        Plan plan = cluster.planOf(new Command.AddNode(DATANODE));

        assertThat(stages(plan))
                .containsExactly(
                        List.of("PrepareInstance"),
                        List.of("LockDdl"),
                        List.of("CopyDefinitions"),
                        List.of("StartInstance"),
                        List.of("CheckInstance"),
                        List.of("CheckDdlLock"),
                        List.of("Commit"),
                        List.of("Converge", "Converge", "Converge"),
                        List.of("UnlockDdl"));
        assertThat(plan.steps().get(0).after()).isEmpty();
        assertThat(plan.steps().get(1).after())
                .containsExactlyInAnyOrder(GTM.name(), COORDINATOR.name());
    }

    @Test
    void withSharedDefinitionsNothingIsAddedOrRemovedWhileNoCoordinatorRuns() {
        cluster.have(GTM, COORDINATOR);
        cluster.answering(cluster.report("h3"));

        assertThat(cluster.reasons(new Command.AddNode(DATANODE)))
                .containsExactly(
                        "no coordinator runs that could keep changes of definitions out meanwhile:"
                                + " coord_1 (start coordinator all)");
    }

    /** It would spread tables that are made next over other datanodes than the rest. */
    @Test
    void withSharedDefinitionsNothingIsAddedOrRemovedWhileAnAgentIsAway() {
        Node other = node(NodeKind.COORDINATOR, "coord_2", "h1", 5433);
        Problem why = Problem.of("the agent of host h1 is not reached", "start it");
        cluster.have(GTM, COORDINATOR, other, DATANODE);
        cluster.answering(cluster.report("h2", up("coord_1.1")));
        cluster.answering(cluster.report("h3", up("data_1.1")));
        cluster.answer(COORDINATOR, new Reply.UserTables(List.of(), 0));
        cluster.answer(DATANODE, new Reply.UserTables(List.of(), 0));
        Node later = node(NodeKind.DATANODE, "data_2", "h3", 5433);
        cluster.hasRoomFor(later);
        cluster.silent("h1", Optional.of(why));

        assertThat(cluster.reasons(new Command.AddNode(later))).containsExactly(why.toString());
        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)))
                .contains(why.toString());
    }

    @Test
    void openTenBaseTakesDatanodesInAscendingOrderOfNamesOnly() {
        cluster.become(Topology.empty(NAME, EngineKind.OPENTENBASE, Networks.HOSTS_ONLY));
        Node earlier = node(NodeKind.DATANODE, "aaa_1", "h3", 5433);
        cluster.hasRoomFor(earlier);
        cluster.have(GTM, COORDINATOR, DATANODE);
        cluster.answering(cluster.report("h2", up("coord_1.1")));
        cluster.answering(cluster.report("h3"));

        assertThat(cluster.reasons(new Command.AddNode(earlier)))
                .containsExactly(
                        "the engine opentenbase takes new datanodes only in ascending order of"
                                + " names, and aaa_1 sorts before coord_1, data_1 (choose a name"
                                + " that sorts after data_1)");
    }
}
