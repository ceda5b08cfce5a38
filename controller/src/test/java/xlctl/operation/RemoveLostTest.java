package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** Members whose host is gone for good, and those of which it only seems so. */
class RemoveLostTest {
    private static final NodeKind COORDINATOR = NodeKind.COORDINATOR;
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final HostName GONE = new HostName("h3");
    private static final Command LOST =
            new Command.RemoveLost(NodeKind.DATANODE, new NodeName("data_1"));

    private final World world = new World("h1", "h2", "h3").with(cluster());

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void itIsTakenOutAndItsHostIsForgotten() {
        world.agents().forget(GONE);

        Outcome outcome = run(world, LOST);

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.store().topology().orElseThrow().value().node(new NodeName("data_1")))
                .isEmpty();
        assertThat(world.store().hosts()).doesNotContainKey(GONE);
        assertThat(world.agents().host("h1").ddlLockHolders()).isEmpty();
    }

    @Test
    void aHostThatAnotherMemberIsOnStaysRegistered() {
        run(world, add(NodeKind.DATANODE, "data_2", "h3", 5433));
        world.agents().forget(GONE);

        assertThat(run(world, LOST).end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.store().hosts()).containsKey(GONE);

        run(world, new Command.RemoveLost(NodeKind.DATANODE, new NodeName("data_2")));
        assertThat(world.store().hosts()).doesNotContainKey(GONE);
    }

    @Test
    void whatUsersStillUseOfItIsToldAndInNobodysWay() {
        run(world, add(NodeKind.DATANODE, "data_2", "h3", 5433));
        world.agents().forget(GONE);
        world.agents()
                .host("h1")
                .withLeftovers(Problem.of("the server data_1 is used by t", "drop what uses it"));

        Outcome first = run(world, LOST);
        Outcome second =
                run(world, new Command.RemoveLost(NodeKind.DATANODE, new NodeName("data_2")));

        assertThat(first.end()).isEqualTo(Outcome.End.DONE);
        assertThat(first.notices())
                .containsExactly(
                        "host h1 cannot forget all of it yet, and goes on trying: the server data_1"
                                + " is used by t (drop what uses it)");
        assertThat(second.end()).isEqualTo(Outcome.End.DONE);
        Outcome added = run(world, add(NodeKind.DATANODE, "data_3", "h2", 5434));
        assertThat(added.end()).isEqualTo(Outcome.End.DONE);
        assertThat(added.notices()).isEmpty();
    }

    @Test
    void whereAllCoordinatorsAreLostTheRestGoesDatanodesFirst() {
        try (World all = new World("h1", "h2", "h3").with(GTM, add(COORDINATOR, "coord_1", "h3"))) {
            run(all, add(NodeKind.DATANODE, "data_1", "h3", 5433));
            all.agents().forget(GONE);
            Command coordinator = new Command.RemoveLost(COORDINATOR, new NodeName("coord_1"));

            Outcome tooEarly = run(all, coordinator);

            assertThat(tooEarly.end()).isEqualTo(Outcome.End.UNREACHABLE);
            assertThat(tooEarly.problems().toString())
                    .contains(
                            "whether datanode data_1 holds tables is not known",
                            "first: remove datanode master data_1 --lost");
            assertThat(run(all, LOST).end()).isEqualTo(Outcome.End.DONE);
            assertThat(run(all, coordinator).end()).isEqualTo(Outcome.End.DONE);
            assertThat(all.store().hosts()).doesNotContainKey(GONE);
            assertThat(run(all, add(COORDINATOR, "coord_2", "h2")).end())
                    .isEqualTo(Outcome.End.DONE);
        }
    }

    @Test
    void itIsRefusedWhileTheAgentAnswers() {
        assertThat(problems(world, LOST))
                .containsExactly(
                        "host h3 is not lost: its agent answers (remove datanode master data_1)");
    }

    @Test
    void itIsRefusedWhileTheAgentIsConnectedToZooKeeper() {
        world.comeUp(GONE);
        world.agents().cutOff("h3");

        assertThat(problems(world, LOST))
                .containsExactly(
                        "host h3 is not lost: its agent is connected to ZooKeeper (remove datanode"
                                + " master data_1)");
    }

    @Test
    void itIsRefusedForTheRealEngines() {
        try (World real = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3").with(cluster())) {
            real.agents().forget(GONE);

            assertThat(problems(real, LOST)).singleElement().asString().contains("is not known");
        }
    }

    private static Command[] cluster() {
        return new Command[] {
            GTM, add(COORDINATOR, "coord_1", "h1", 5433), add(NodeKind.DATANODE, "data_1", "h3")
        };
    }

    private static List<String> problems(World in, Command command) {
        Outcome outcome = run(in, command);
        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        return outcome.problems().stream().map(Object::toString).toList();
    }

    private static Outcome run(World in, Command command) {
        return in.controller().run(List.of(command), QUIET, new Cancellation()).get(0);
    }
}
