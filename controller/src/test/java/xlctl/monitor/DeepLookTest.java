package xlctl.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.operation.World;
import xlctl.topology.Instance;
import xlctl.topology.NodeKind;

class DeepLookTest {
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final World world = new World("h1", "h2");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void isSilentOfCoordinatorsThroughWhichReadsAndWritesWork() {
        assertThat(troubles("h1", "h2")).containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void tellsWhichOfReadsAndWritesFailAndWhy() {
        assertThat(troubleOf("", "no space")).isEqualTo("reads work, writes fail: no space");
        assertThat(troubleOf("no route", "")).isEqualTo("reads fail, writes work: no route");
        assertThat(troubleOf("gone", "gone")).isEqualTo("reads and writes fail: gone");
        assertThat(troubleOf("no route", "no space"))
                .isEqualTo("reads fail: no route; writes fail: no space");
    }

    @Test
    void tellsThatNothingWasFoundOutWhereAnAgentCannotBeAsked() {
        world.agents().cutOff("h1");
        world.agents().silence("h2");

        assertThat(troubles("h1", "h2", "h3"))
                .extracting(Optional::get)
                .containsExactly(
                        "whether reads and writes work was not found out: the agent of host h1 is not"
                                + " reached",
                        "whether reads and writes work was not found out: the agent of host h2 did not"
                                + " answer within 500 ms",
                        "whether reads and writes work was not found out: its host h3 is not"
                                + " registered");
    }

    @Test
    void passesOnWhyAnAgentDidNotTry() {
        world.agents()
                .host("h1")
                .finding("c_h1", Reply.Failed.refused("c_h1.1 is not on h1", "see where it is"));

        assertThat(troubles("h1"))
                .containsExactly(
                        Optional.of(
                                "whether reads and writes work was not found out: c_h1.1 is not on"
                                        + " h1"));
    }

    private String troubleOf(String read, String write) {
        world.agents().host("h1").finding("c_h1", new Reply.DeepReport(text(read), text(write)));
        return troubles("h1").get(0).orElseThrow();
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    /** Of one coordinator on each of the hosts. */
    private List<Optional<String>> troubles(String... hosts) {
        List<Instance> coordinators =
                Stream.of(hosts)
                        .map(
                                host ->
                                        World.node(
                                                        NodeKind.COORDINATOR,
                                                        "c_" + host,
                                                        host,
                                                        5432,
                                                        "c")
                                                .instances()
                                                .get(0))
                        .toList();
        List<DeepView> views =
                new DeepLook(world.store(), world.agents(), DEADLINE).through(coordinators);
        assertThat(views)
                .extracting(DeepView::coordinator)
                .containsExactlyElementsOf(coordinators.stream().map(Instance::name).toList());
        return views.stream().map(DeepView::trouble).toList();
    }
}
