package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.monitor.Observer;
import xlctl.session.FakeAgents;
import xlctl.store.ClusterStore;
import xlctl.store.CuttingProxy;
import xlctl.store.HostRecord;
import xlctl.store.Identities;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperEnsemble;
import xlctl.store.ZooKeeperExtension;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.swarm.InMemoryServices;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.Topology;

/** An {@code add} in whose middle servers of a real ensemble die, or the way to them is cut. */
@Tag("slow")
class StoreOutageTest {
    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static ZooKeeperEnsemble ensemble;

    private final ClusterName cluster = new ClusterName("c" + CLUSTERS.incrementAndGet());
    private final Identities identities = Identities.generate(cluster);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private ClusterStore store;
    private FakeAgents agents;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        ZooKeeperExtension.quieten();
        ensemble = ZooKeeperEnsemble.start(directory);
    }

    @AfterAll
    static void end() {
        ensemble.close();
    }

    @BeforeEach
    void register() throws IOException {
        ensemble.startAll();
        store = open(ensemble.connectString());
        store.prepare();
        agents = new FakeAgents(() -> store.topology().map(Versioned::version).orElse(-1));
        agents.host("h1");
        store.change()
                .createHost(
                        new HostRecord(
                                new HostName("h1"),
                                HostPort.parse("h1:7422"),
                                "ssh-ed25519 AAAA",
                                Instant.EPOCH))
                .commit();
    }

    @AfterEach
    void close() throws Exception {
        ensemble.startAll();
        for (int each = opened.size() - 1; each >= 0; each--) {
            opened.get(each).close();
        }
    }

    @Test
    void withoutTheOneThatLedItGoesOn() {
        inTheMiddle(() -> ensemble.kill(ensemble.leader()));

        assertThat(add(controller(store, "first", LONG)).end()).isEqualTo(Outcome.End.DONE);

        assertDone();
    }

    @Test
    void withOneOfThreeLeftItEndsAndSaysHowToGoOn() throws IOException {
        inTheMiddle(StoreOutageTest::killTwo);

        Outcome outcome = add(controller(store, "first", Duration.ofSeconds(3)));

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString())
                .contains("may still be open; once ZooKeeper answers", "operation resume 1");
        ensemble.startAll();
        assertThat(
                        controller(open(ensemble.connectString()), "second", LONG)
                                .resume(1, QUIET, new Cancellation())
                                .end())
                .isEqualTo(Outcome.End.DONE);
        assertDone();
    }

    @Test
    void withOneOfThreeLeftItWaitsForTheOthers() throws Exception {
        inTheMiddle(StoreOutageTest::killTwo);
        CompletableFuture<Void> back =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                reached.await();
                                ensemble.startAll();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });

        Outcome outcome = add(controller(store, "first", LONG));

        back.get(60, TimeUnit.SECONDS);
        assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
        assertDone();
    }

    /**
     * The lock goes with the session: after that somebody else may go on, and the first may not.
     */
    @Test
    void aShellThatIsCutOffWithTheLockIsFencedOnceItsSessionIsOver() throws Exception {
        String first = ensemble.connectString().split(",")[0];
        try (CuttingProxy way =
                new CuttingProxy(
                        new InetSocketAddress(
                                "127.0.0.1", Integer.parseInt(first.split(":")[1])))) {
            Operations cut = controller(open(way.connectString()), "cut", LONG);
            inTheMiddle(way::interrupt);
            CompletableFuture<Outcome> adding = CompletableFuture.supplyAsync(() -> add(cut));
            reached.await();
            long began = System.nanoTime();

            Outcome next = controller(store, "next", LONG).resume(1, QUIET, new Cancellation());

            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            assertThat(next.end()).as("%s", next).isEqualTo(Outcome.End.DONE);
            assertThat(waited)
                    .isBetween(
                            Duration.ofSeconds(1),
                            ZooKeeperExtension.SESSION_TIMEOUT.plusSeconds(15));
            assertDone();
            int sent = agents.requests(Request.Changing.class).size();
            way.resume();
            Outcome outdone = adding.get(60, TimeUnit.SECONDS);
            assertThat(outdone.end()).isIn(Outcome.End.FAILED, Outcome.End.UNREACHABLE);
            assertThat(outdone.problems().toString())
                    .containsAnyOf(
                            "was taken over by someone else",
                            "the records were changed by someone else since");
            assertThat(agents.requests(Request.Changing.class)).hasSize(sent);
            assertDone();
        }
    }

    private static void killTwo() {
        int leader = ensemble.leader();
        ensemble.kill(leader);
        ensemble.kill((leader + 1) % 3);
    }

    /** Once, when the host is asked to prepare its instance. */
    private void inTheMiddle(Runnable event) {
        AtomicBoolean happened = new AtomicBoolean();
        agents.onRequest(
                request -> {
                    if (request instanceof Request.Prepare && !happened.getAndSet(true)) {
                        event.run();
                        reached.countDown();
                    }
                });
    }

    private void assertDone() {
        assertThat(store.topology().orElseThrow().value().nodes()).hasSize(1);
        assertThat(store.operation(1).orElseThrow().value().state())
                .isEqualTo(OperationHeader.State.DONE);
        assertThat(agents.host("h1").instances()).hasSize(1);
    }

    private static Outcome add(Operations controller) {
        return controller.run(List.of(GTM), QUIET, new Cancellation()).get(0);
    }

    private ClusterStore open(String servers) {
        ClusterStore open =
                new ClusterStore(
                        ZooKeeperRecordTree.connect(
                                servers,
                                identities.controller(),
                                ZooKeeperExtension.SESSION_TIMEOUT,
                                ZooKeeperExtension.CONNECT_TIMEOUT),
                        cluster);
        opened.add(open);
        return open;
    }

    /**
     * @param patience with the store, and with the lock
     */
    private Operations controller(ClusterStore seen, String who, Duration patience) {
        Observer observer = new Observer(seen, agents, Duration.ofSeconds(2));
        Operations operations =
                new Operations(
                        seen,
                        agents,
                        observer,
                        Founding.of(
                                Topology.empty(
                                        cluster, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY)),
                        new SwarmAccess(
                                new InMemoryServices(cluster),
                                new SwarmSettings(
                                        false, "xlctl:test", ServiceSpec.Limits.NONE, LONG),
                                "zookeeper:2181"),
                        new Operator(who, "here"),
                        new Limits(
                                LONG,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                patience,
                                LONG,
                                LONG,
                                patience),
                        Clock.systemUTC(),
                        Waiting.MONOTONIC);
        opened.add(observer);
        opened.add(operations);
        return operations;
    }
}
