package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.titles;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.command.Targets;
import xlctl.topology.EngineKind;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Role;

/** Members that are started, stopped and killed. */
class MembersPlannerTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @Test
    void startingGoesFromTheGtmOverDatanodesToCoordinators() {
        cluster.have(GTM, COORDINATOR, DATANODE);

        Plan plan = cluster.planOf(new Command.Start(Target.ALL));

        assertThat(plan.commit()).isEmpty();
        assertThat(titles(plan))
                .containsExactly("start gtm_1 on h1", "start data_1 on h3", "start coord_1 on h2");
        assertThat(plan.stages()).hasSize(3);
    }

    @Test
    void stoppingAndKillingGoTheOtherWay() {
        cluster.have(GTM, COORDINATOR, DATANODE);

        assertThat(titles(cluster.planOf(new Command.Stop(Target.ALL, StopMode.IMMEDIATE))))
                .containsExactly("stop coord_1 on h2", "stop data_1 on h3", "stop gtm_1 on h1");
        assertThat(titles(cluster.planOf(new Command.Kill(Target.ALL))))
                .containsExactly("kill coord_1 on h2", "kill data_1 on h3", "kill gtm_1 on h1");
    }

    @Test
    void membersOfOneKindAreDoneAtTheSameTime() {
        Node second = node(NodeKind.DATANODE, "data_2", "h1", 5433);
        cluster.have(GTM, DATANODE, second);

        assertThat(cluster.planOf(new Command.Start(Targets.of(NodeKind.DATANODE))).stages())
                .singleElement()
                .satisfies(stage -> assertThat(stage).hasSize(2));
    }

    @Test
    void everyWrongNameOfATargetIsNamed() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        Target target =
                new Target(
                        Optional.of(NodeKind.DATANODE),
                        Optional.empty(),
                        List.of(new NodeName("coord_1"), new NodeName("data_2")));

        assertThat(cluster.reasons(new Command.Start(target)))
                .containsExactly(
                        "coord_1 is a coordinator, not a datanode (name it without its kind, or with"
                                + " the right one)",
                        "there is no node data_2: did you mean \"data_1\"? (the nodes are gtm_1,"
                                + " coord_1, data_1)");
    }

    @Test
    void aRoleThatNobodyHasIsRefused() {
        cluster.have(GTM, DATANODE);
        Target slaves =
                new Target(Optional.of(NodeKind.DATANODE), Optional.of(Role.SLAVE), List.of());

        assertThat(cluster.reasons(new Command.Start(slaves)))
                .singleElement()
                .asString()
                .contains("the cluster has no datanode slave");
    }
}
