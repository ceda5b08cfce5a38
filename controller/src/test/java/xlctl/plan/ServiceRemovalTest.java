package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.titles;
import static xlctl.plan.SwarmedCluster.DATANODE;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.operation.World;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The service of a host goes with its last node. */
class ServiceRemovalTest {
    private final SwarmedCluster cluster = SwarmedCluster.of(EngineKind.POSTGRESQL);

    @Test
    void theLastInstanceOfAServiceTakesTheServiceWithIt() {
        cluster.have(DATANODE);
        cluster.registered(Optional.of("test_d1"));

        Plan plan = cluster.planOf(remove(Disposal.ERASE));

        List<Step> steps = plan.steps();
        assertThat(titles(plan).subList(steps.size() - 3, steps.size()))
                .containsExactly(
                        "erase data_1 on d1",
                        "remove service test_d1 and its volume",
                        "forget that d1 is registered");
        assertThat(steps.get(steps.size() - 1).action())
                .isEqualTo(
                        new Action.UnregisterHost(new HostName("d1"), Optional.of(Instant.EPOCH)));
        assertThat(cluster.planOf(remove(Disposal.KEEP)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);
    }

    @Test
    void aServiceWithAnotherInstanceAndAMachineStay() {
        Node second = World.node(NodeKind.DATANODE, "data_2", "d1", 5433, "data2");
        cluster.have(DATANODE, second);
        cluster.registered(Optional.of("test_d1"));
        assertThat(cluster.planOf(remove(Disposal.ERASE)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);

        cluster.without(second);
        cluster.registered(Optional.empty());
        assertThat(cluster.planOf(remove(Disposal.ERASE)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);
    }

    @Test
    void withoutDockerNothingIsRemovedThatIsAService() {
        cluster.have(DATANODE);
        cluster.registered(Optional.of("test_d1"));
        cluster.unusable(Problem.of("Docker does not run", "start it"));

        assertThat(cluster.reasons(remove(Disposal.ERASE)))
                .containsExactly("Docker does not run (start it)");
        cluster.planOf(remove(Disposal.KEEP));
    }

    private static Command remove(Disposal disposal) {
        return new Command.RemoveNode(NodeKind.DATANODE, Optional.of(DATANODE.name()), disposal);
    }
}
