package xlctl.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Greeting;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.operation.World;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

class ReachLookTest {
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private World world = new World("h1", "h2", "h3");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void everyHostTriesTheOtherAgentsAndAllServers() {
        addServers();

        HostMatrix matrix = look();

        assertThat(matrix.open()).isTrue();
        assertThat(matrix.hosts())
                .extracting(HostMatrix.Host::name)
                .containsExactly(new HostName("h1"), new HostName("h2"), new HostName("h3"));
        assertThat(matrix.ways().stream().map(ReachLookTest::text))
                .containsExactly(
                        "h1 gtm h1:5432 OPEN",
                        "h1 agent h2:7422 OPEN",
                        "h1 c1 h2:5432 OPEN",
                        "h1 agent h3:7422 OPEN",
                        "h2 agent h1:7422 OPEN",
                        "h2 gtm h1:5432 OPEN",
                        "h2 c1 h2:5432 OPEN",
                        "h2 agent h3:7422 OPEN",
                        "h3 agent h1:7422 OPEN",
                        "h3 gtm h1:5432 OPEN",
                        "h3 agent h2:7422 OPEN",
                        "h3 c1 h2:5432 OPEN");
    }

    @Test
    void aWayThatIsShutSaysWhy() {
        addServers();
        world.agents().host("h3").notReaching("h2:5432", "no answer within 1 s");

        HostMatrix matrix = look();

        assertThat(matrix.open()).isFalse();
        assertThat(matrix.ways().stream().filter(way -> way.state() != Way.State.OPEN))
                .singleElement()
                .satisfies(
                        way -> {
                            assertThat(text(way)).isEqualTo("h3 c1 h2:5432 SHUT");
                            assertThat(way.why()).contains("no answer within 1 s");
                        });
        assertThat(matrix.oneWay())
                .as("as long as the host is reached, one server that is not makes no one-way")
                .isEmpty();
    }

    @Test
    void aPartitionMayBeOfOnePairAndOneDirectionOnly() {
        addServers();
        world.agents()
                .host("h3")
                .notReaching("h2:5432", "no answer within 1 s")
                .notReaching("h2:7422", "no answer within 1 s");

        HostMatrix matrix = look();

        assertThat(matrix.oneWay())
                .containsExactly(new HostMatrix.Pair(new HostName("h3"), new HostName("h2")));
    }

    @Test
    void aPairThatIsCutBothWaysIsNoOneWay() {
        world.agents().host("h1").notReaching("h2:7422", "no answer within 1 s");
        world.agents().host("h2").notReaching("h1:7422", "no answer within 1 s");

        assertThat(look().oneWay()).isEmpty();
    }

    @Test
    void whatASilentAgentReachesIsNotKnown() {
        addServers();
        world.agents().silence("h2");

        HostMatrix matrix = look();

        assertThat(matrix.open()).isFalse();
        assertThat(matrix.hosts().get(1).silent())
                .contains(
                        Problem.of(
                                "the agent of host h2 did not answer within 500 ms",
                                "see whether the host and its agent run"));
        assertThat(matrix.ways().stream().filter(way -> way.from().value().equals("h2")))
                .hasSize(4)
                .allSatisfy(
                        way -> {
                            assertThat(way.state()).isEqualTo(Way.State.UNKNOWN);
                            assertThat(way.took()).isEmpty();
                            assertThat(way.why())
                                    .contains("the agent of host h2 did not answer within 500 ms");
                        });
        assertThat(matrix.oneWay()).as("what is not known is no one-way").isEmpty();
        assertThat(matrix.ways().stream().filter(way -> way.to().value().equals("h2")))
                .as("others say what they reach there")
                .extracting(Way::state)
                .contains(Way.State.OPEN);
    }

    @Test
    void anAgentThatDoesNotKnowTheRequestIsNamed() {
        world.agents()
                .host("h1")
                .failing(
                        Request.Reach.class,
                        new Reply.Failed(
                                Reply.Failed.Kind.UNKNOWN_REQUEST,
                                List.of(
                                        Problem.of(
                                                "the agent of xlctl 0.1 on host h1 does not know"
                                                        + " the request 'Reach'",
                                                "upgrade it"))));

        assertThat(look().hosts().get(0).silent().map(Problem::toString))
                .contains(
                        "the agent of xlctl 0.1 on host h1 does not know the request 'Reach'"
                                + " (upgrade it)");
    }

    @Test
    void aServerThatWasStoppedOnPurposeIsNoFault() {
        addServers();
        stop("h2", "c1");
        for (String host : List.of("h1", "h2", "h3")) {
            world.agents().host(host).notReaching("h2:5432", "connection refused");
        }

        HostMatrix matrix = look();

        assertThat(matrix.open()).isTrue();
        assertThat(matrix.ways().stream().filter(way -> way.state() == Way.State.STOPPED))
                .hasSize(3)
                .allSatisfy(
                        way ->
                                assertThat(way.why())
                                        .contains("it is stopped, or was never started"));
    }

    @Test
    void aHostOfTheTopologyThatIsNotRegisteredIsNotAsked() {
        addServers();
        world.store()
                .change()
                .deleteHost(
                        new HostName("h2"), world.store().hosts().get(new HostName("h2")).version())
                .commit();

        HostMatrix matrix = look();

        assertThat(matrix.hosts().get(1).silent())
                .contains(Problem.of("host h2 is not registered", "host accept h2"));
        assertThat(matrix.ways().stream().map(ReachLookTest::text))
                .contains("h1 c1 h2:5432 OPEN", "h2 gtm h1:5432 UNKNOWN")
                .doesNotContain("h1 agent h2:7422 OPEN");
    }

    @Test
    void noHostsAreAnOpenMatrix() {
        world.close();
        world = new World();

        HostMatrix matrix = look();

        assertThat(matrix.open()).isTrue();
        assertThat(matrix.hosts()).isEmpty();
    }

    @Test
    void serversGreetAsTheirEngineDoes() {
        addServers();
        assertThat(greetings())
                .containsEntry("h1:5432", Greeting.POSTGRESQL)
                .containsEntry("h2:5432", Greeting.POSTGRESQL)
                .containsEntry("h2:7422", Greeting.SSH);
        world.close();
        world = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3");
        addServers();
        assertThat(greetings())
                .containsEntry("h1:5432", Greeting.CONNECTION)
                .containsEntry("h2:5432", Greeting.POSTGRESQL_BEFORE_12)
                .containsEntry("h2:7422", Greeting.SSH);
    }

    private Map<String, Greeting> greetings() {
        Map<String, Greeting> greetings = new ConcurrentHashMap<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Reach reach) {
                                for (Destination each : reach.destinations()) {
                                    greetings.put(each.address().toString(), each.greeting());
                                }
                            }
                        });
        look();
        return greetings;
    }

    private void addServers() {
        world.with(
                World.add(NodeKind.GTM, "gtm", "h1"), World.add(NodeKind.COORDINATOR, "c1", "h2"));
    }

    private void stop(String host, String node) {
        world.agents().host(host).stopped(InstanceName.parse(node + ".1"));
    }

    private HostMatrix look() {
        return new ReachLook(world.store(), world.agents(), DEADLINE).matrix();
    }

    private static String text(Way way) {
        return way.from()
                + " "
                + way.server().map(server -> server.node().toString()).orElse("agent")
                + " "
                + way.address()
                + " "
                + way.state();
    }
}
