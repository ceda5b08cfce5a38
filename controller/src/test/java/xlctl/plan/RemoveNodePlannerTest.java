package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.NAME;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.remove;
import static xlctl.plan.ObservedCluster.stages;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.Topology;

/** What removing a node takes, and what stands against it. */
class RemoveNodePlannerTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @Test
    void removingLooksForTablesThenCommitsAndDestroysLast() {
        cluster.have(GTM, DATANODE);
        cluster.answer(DATANODE, new Reply.UserTables(List.of(), 0));

        Plan plan = cluster.planOf(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE));

        assertThat(plan.commit()).hasValue(1);
        assertThat(stages(plan))
                .containsExactly(
                        List.of("CheckNoTables"),
                        List.of("Commit"),
                        List.of("Converge"),
                        List.of("StopInstance"),
                        List.of("DiscardInstance"));
        assertThat(plan.steps()).allMatch(step -> step.undo().isEmpty());
    }

    @Test
    void removingWhatIsNotThereNamesWhatIsNear() {
        cluster.have(GTM, COORDINATOR, DATANODE);

        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "data_2", Disposal.KEEP)))
                .containsExactly(
                        "there is no datanode data_2: did you mean \"data_1\"? (of that kind there"
                                + " are data_1)");
        assertThat(cluster.reasons(remove(NodeKind.COORDINATOR, "data_1", Disposal.KEEP)))
                .containsExactly(
                        "data_1 is a datanode, not a coordinator (remove datanode master data_1)");
    }

    @Test
    void removingByTheWrongKindSaysTheCommandThatWould() {
        cluster.become(Topology.empty(NAME, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY));
        cluster.have(GTM, COORDINATOR, node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));

        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "coord_1", Disposal.ERASE)))
                .containsExactly(
                        "coord_1 is a coordinator, not a datanode (remove coordinator master"
                                + " coord_1 clean)");
        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "proxy_1", Disposal.KEEP)))
                .containsExactly(
                        "proxy_1 is a gtm_proxy, not a datanode (remove gtm_proxy proxy_1)");
        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "gtm_1", Disposal.KEEP)))
                .containsExactly("gtm_1 is a gtm, not a datanode (remove gtm master)");
    }

    @Test
    void theLastGtmStaysWhileMembersNeedIt() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        Command remove = new Command.RemoveNode(NodeKind.GTM, Optional.empty(), Disposal.KEEP);

        assertThat(cluster.reasons(remove))
                .singleElement()
                .asString()
                .contains("gtm_1 is the last one", "coord_1, data_1", "remove those first");
        cluster.become(Topology.empty(NAME, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY));
        cluster.have(GTM);
        assertThat(cluster.planOf(remove).commit()).hasValue(0);
    }

    @Test
    void aMemberThatHoldsTablesOfUsersStays() {
        cluster.have(GTM, DATANODE);
        cluster.answer(DATANODE, new Reply.UserTables(List.of("app.public.a", "app.public.b"), 12));

        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)))
                .containsExactly(
                        "datanode data_1 holds 12 tables of users: app.public.a, app.public.b and"
                                + " 10 more (move or drop these tables first)");
    }

    @Test
    void whereTablesCannotBeCountedNothingIsRemoved() {
        cluster.have(GTM, DATANODE);
        cluster.answer(DATANODE, Reply.Failed.refused("data_1 is stopped", "start it"));

        assertThat(cluster.reasons(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)))
                .containsExactly(
                        "whether data_1 holds tables of users cannot be told: data_1 is stopped"
                                + " (start it)");
    }
}
