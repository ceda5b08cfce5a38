package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.session.FakeAgents;
import xlctl.session.FakeHost;
import xlctl.session.OwnKey;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/**
 * Freezes an agent at each request of every plan, as SIGSTOP does: for 30 s, or until the operation
 * has given up. What the agent was asked for meanwhile it does late.
 */
@Tag("slow")
class FrozenAgentTest {
    private static final Duration STEP = Duration.ofSeconds(60);

    /** What an agent that is frozen at one request of a run means for a cluster. */
    @FunctionalInterface
    private interface Trial {
        void of(Scenario scenario, int at);
    }

    /** A scenario's world, and a run in which the agent is frozen that is asked the nth time. */
    private static final class Frost implements AutoCloseable {
        private final Scenario scenario;
        private final World world;
        private final World.Picture before;
        private final VirtualTime time = new VirtualTime();
        private final List<String> told = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicReference<Optional<HostName>> frozen =
                new AtomicReference<>(Optional.empty());

        Frost(Scenario scenario) {
            this.scenario = scenario;
            this.world = scenario.world();
            this.before = world.picture();
            world.limitSteps(STEP);
            world.waitBy(time);
        }

        List<Outcome> run(int at, Consumer<HostName> then) {
            Agents agents =
                    freezing(
                            host -> {
                                if (requests.incrementAndGet() == at) {
                                    frozen.set(Optional.of(host));
                                    world.agents().freeze(host);
                                    then.accept(host);
                                }
                            });
            return world.controller(world.session(), agents, "first")
                    .run(
                            scenario.asked(),
                            (operation, node, text) -> told.add(text),
                            new Cancellation());
        }

        HostName host() {
            return frozen.get().orElseThrow();
        }

        FakeAgents agents() {
            return world.agents();
        }

        /** Agents match the topology by themselves, and let DDL in again when its time is over. */
        void assertConsistent() {
            int version = world.store().topology().map(each -> each.version()).orElse(-1);
            for (FakeHost each : world.agents().hosts()) {
                each.loseDdlLocks();
                each.hasApplied(version);
            }
            assertThat(world.openOperations()).isEmpty();
            scenario.assertConsistent(world, before);
        }

        /** Planning asks agents too, and gives up on a silent one before anything is begun. */
        private Agents freezing(Consumer<HostName> asked) {
            return new Agents() {
                @Override
                public AgentConnection to(HostRecord host) {
                    AgentConnection connection = world.agents().to(host);
                    return new AgentConnection() {
                        @Override
                        public CompletableFuture<Reply> call(
                                Request request, Consumer<String> progress) {
                            if (!world.openOperations().isEmpty()) {
                                asked.accept(host.host());
                            }
                            return connection.call(request, progress);
                        }

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public String offeredKey(HostName host, HostPort agent) {
                    return world.agents().offeredKey(host, agent);
                }

                @Override
                public Optional<Problem> stranger(HostRecord host) {
                    return world.agents().stranger(host);
                }

                @Override
                public OwnKey ownKey() {
                    return world.agents().ownKey();
                }

                @Override
                public void tryFreshKey(HostRecord host) {
                    world.agents().tryFreshKey(host);
                }

                @Override
                public void connectAnew() {
                    world.agents().connectAnew();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {
            world.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> frozenForHalfAMinuteItOnlyTakesLonger() {
        return atEveryRequest(
                (scenario, at) -> {
                    try (Frost frost = new Frost(scenario)) {
                        List<Outcome> outcomes =
                                frost.run(
                                        at,
                                        host ->
                                                frost.time.after(
                                                        Duration.ofSeconds(30),
                                                        () -> frost.agents().thaw(host)));

                        assertThat(outcomes).allMatch(each -> each.end() == Outcome.End.DONE);
                        assertThat(frost.told).anyMatch(line -> tellsOfSilence(line, frost.host()));
                        frost.assertConsistent();
                    }
                });
    }

    /** After ten seconds at the earliest; later where another wait has let time pass meanwhile. */
    private static boolean tellsOfSilence(String line, HostName host) {
        return line.matches("nothing new from host " + host + " for [12]\\d s; .*");
    }

    @TestFactory
    Stream<DynamicTest> whatItDoesLateIsTakenBackByARollback() {
        return atEveryRequest(
                (scenario, at) -> {
                    try (Frost frost = new Frost(scenario)) {
                        assertGivenUp(frost, frost.run(at, host -> {}));

                        frost.agents().thaw(frost.host());

                        CrashTest.rollBackAll(
                                frost.world.controller("second"),
                                scenario,
                                frost.world,
                                frost.before);
                        frost.assertConsistent();
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> whatItWouldDoAfterAResumeItDoesNotDo() {
        return atEveryRequest(
                (scenario, at) -> {
                    try (Frost frost = new Frost(scenario)) {
                        assertGivenUp(frost, frost.run(at, host -> {}));

                        Runnable late = frost.agents().thawLate(frost.host());
                        CrashTest.resumeAll(
                                frost.world.controller("second"),
                                scenario,
                                frost.world,
                                frost.before);
                        late.run();

                        frost.assertConsistent();
                    }
                });
    }

    /** In bounded time, by name; what was done without the host says which one it was. */
    private static void assertGivenUp(Frost frost, List<Outcome> outcomes) {
        assertThat(Duration.ofNanos(frost.time.nanoTime()))
                .isBetween(STEP, STEP.multipliedBy(1L + frost.scenario.asked().size()));
        Optional<Outcome> failed =
                outcomes.stream().filter(each -> each.end() != Outcome.End.DONE).findFirst();
        String silent = "the agent of host " + frost.host() + " did not answer within 60 s";
        if (failed.isPresent()) {
            assertThat(failed.get().problems().toString()).contains(silent);
            assertThat(failed.get().end()).isEqualTo(expectedEnd(frost.scenario, failed.get()));
        } else {
            assertThat(outcomes).anyMatch(outcome -> outcome.notices().toString().contains(silent));
        }
    }

    /** Of several members whose steps stand for themselves the others are as asked. */
    private static Outcome.End expectedEnd(Scenario scenario, Outcome outcome) {
        boolean others =
                scenario.name().endsWith(" all") || scenario.name().equals("rotate certificates");
        return others && outcome.problems().size() < scenario.there().size()
                ? Outcome.End.FAILED
                : Outcome.End.UNREACHABLE;
    }

    private static Stream<DynamicTest> atEveryRequest(Trial trial) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            int requests = requestsOf(scenario);
            assertThat(requests > 0)
                    .as("requests of %s", scenario)
                    .isEqualTo(scenario.asksAgents());
            for (int point = 1; point <= requests; point++) {
                int at = point;
                tests.add(
                        DynamicTest.dynamicTest(
                                scenario + ", frozen at " + at + " of " + requests,
                                () -> trial.of(scenario, at)));
            }
        }
        return tests.stream();
    }

    private static int requestsOf(Scenario scenario) {
        try (Frost frost = new Frost(scenario)) {
            frost.run(0, host -> {});
            return frost.requests.get();
        }
    }
}
