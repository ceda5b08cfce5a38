package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;
import xlctl.topology.InvalidValueException;

class ZooKeeperRecordTreeTest extends RecordTreeContract {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Override
    RecordTrees trees() {
        return ZOOKEEPER;
    }

    @Test
    void writesOnceWhenTheRequestWasLost() throws IOException {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);

        proxy.loseRequest("first-mark");
        tree.write(List.of(record("/a", "first-mark")));
        assertThat(proxy.hasCut()).isTrue();
        proxy.loseRequest("second-mark");
        tree.write(List.of(new Replace(path("/a"), bytes("second-mark"), 0)));
        assertThat(proxy.hasCut()).isTrue();

        assertThat(text(tree, "/a")).contains("second-mark");
        assertThat(tree.read(path("/a")).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void writesOnceWhenTheReplyWasLost() throws IOException {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);

        proxy.loseReply("first-mark");
        tree.write(List.of(record("/a", "first-mark")));
        assertThat(proxy.hasCut()).isTrue();
        proxy.loseReply("second-mark");
        tree.write(List.of(new Replace(path("/a"), bytes("second-mark"), 0)));
        assertThat(proxy.hasCut()).isTrue();

        assertThat(text(tree, "/a")).contains("second-mark");
        assertThat(tree.read(path("/a")).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void deletesOnceWhenTheRequestOrTheReplyWasLost() throws IOException {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);
        tree.write(List.of(record("/keep", "k"), record("/del-request", "x")));
        tree.write(List.of(record("/del-reply", "y")));

        // Only the transaction names two paths: /keep makes it known among the reads before it.
        proxy.loseRequest(path("/keep"));
        tree.write(List.of(new Delete(path("/del-request"), 0), new Check(path("/keep"), 0)));
        assertThat(proxy.hasCut()).isTrue();
        proxy.loseReply(path("/keep"));
        tree.write(List.of(new Delete(path("/del-reply"), 0), new Check(path("/keep"), 0)));
        assertThat(proxy.hasCut()).isTrue();

        assertThat(text(tree, "/del-request")).isEmpty();
        assertThat(text(tree, "/del-reply")).isEmpty();
        assertThat(text(tree, "/keep")).contains("k");
    }

    @Test
    void stillRefusesAStaleWriteAfterItsReplyWasLost() throws IOException {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);
        tree.write(List.of(record("/a", "0")));
        tree.write(List.of(new Replace(path("/a"), bytes("1"), 0)));

        proxy.loseReply("stale-mark");

        assertThatThrownBy(
                        () -> tree.write(List.of(new Replace(path("/a"), bytes("stale-mark"), 0))))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining("it has version 1");
        assertThat(proxy.hasCut()).isTrue();
        assertThat(text(tree, "/a")).contains("1");
    }

    @Test
    void saysWhenItCannotBeToldWhetherAWriteTookPlace() throws Exception {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);
        RecordTree other = ZOOKEEPER.controller();
        tree.write(List.of(record("/a", "0")));

        proxy.loseReply("mark");
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> tree.write(List.of(new Replace(path("/a"), bytes("mark"), 0))));
        await().until(
                        () -> {
                            if (proxy.hasCut()) {
                                proxy.interrupt();
                            }
                            return proxy.hasCut();
                        });
        await().until(() -> text(other, "/a").equals(Optional.of("mark")));
        other.write(List.of(new Replace(path("/a"), bytes("others"), 1)));
        proxy.resume();

        assertThat(writing)
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(StoreException.Unreachable.class)
                .withMessageContaining("cannot be told");
        assertThat(text(other, "/a")).contains("others");
    }

    @Test
    void goesOnAfterAServerRestart() {
        RecordTree tree = ZOOKEEPER.controller();
        tree.write(List.of(record("/a", "before")));
        AtomicInteger woken = new AtomicInteger();
        tree.watch(path("/a"), woken::incrementAndGet);
        await().until(() -> woken.get() > 0);
        int before = woken.get();

        ZOOKEEPER.stop();
        await().until(() -> !tree.connected());
        CompletableFuture<Optional<String>> reading =
                CompletableFuture.supplyAsync(() -> text(tree, "/a"));
        ZOOKEEPER.startAgain();

        assertThat(reading).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(Optional.of("before"));
        await().until(() -> woken.get() > before);
        tree.write(List.of(new Replace(path("/a"), bytes("after"), 0)));
        assertThat(text(tree, "/a")).contains("after");
    }

    @Test
    void wakesAWatchForWhatChangedWhileTheConnectionWasLost() throws IOException {
        CuttingProxy proxy = ZOOKEEPER.proxy();
        RecordTree tree = through(proxy);
        RecordTree other = ZOOKEEPER.controller();
        other.write(List.of(record("/w", "0")));
        AtomicInteger woken = new AtomicInteger();
        tree.watch(path("/w"), woken::incrementAndGet);
        await().until(() -> woken.get() > 0);

        proxy.interrupt();
        await().until(() -> !tree.connected());
        int before = woken.get();
        other.write(List.of(new Replace(path("/w"), bytes("1"), 0)));
        proxy.resume();

        await().until(() -> woken.get() > before);
        assertThat(text(tree, "/w")).contains("1");
        int afterwards = woken.get();
        other.write(List.of(new Replace(path("/w"), bytes("2"), 1)));
        await().until(() -> woken.get() > afterwards);
    }

    @Test
    void saysThatTheServerIsGone() {
        ZooKeeperRecordTree tree =
                ZooKeeperRecordTree.connect(
                        ZOOKEEPER.connectString(),
                        ZOOKEEPER.identities().controller(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        try {
            ZOOKEEPER.stop();
            await().until(() -> !tree.connected());

            assertThatThrownBy(() -> tree.read(path("/a")))
                    .isInstanceOf(StoreException.Unreachable.class)
                    .hasMessageContaining("cannot read " + path("/a"))
                    .hasMessageContaining(ZOOKEEPER.connectString());
            assertThatThrownBy(() -> tree.write(List.of(record("/a", "x"))))
                    .isInstanceOf(StoreException.Unreachable.class)
                    .hasMessageContaining("cannot write " + path("/a"))
                    .hasMessageContaining(ZOOKEEPER.connectString())
                    .hasMessageContaining("nothing was written");
        } finally {
            tree.close();
        }
    }

    @Test
    void namesTheServersThatDoNotAnswer() throws IOException {
        String nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + free.getLocalPort();
        }

        assertThatThrownBy(
                        () ->
                                ZooKeeperRecordTree.connect(
                                        nobody,
                                        ZOOKEEPER.identities().controller(),
                                        Duration.ofSeconds(1),
                                        Duration.ofMillis(300)))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining(nobody)
                .hasMessageContaining("300 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1", "127.0.0.1:2181,", "a b:1", "host:70000"})
    void refusesWhatIsNoListOfServers(String servers) {
        assertThatThrownBy(
                        () ->
                                ZooKeeperRecordTree.connect(
                                        servers,
                                        ZOOKEEPER.identities().controller(),
                                        Duration.ofSeconds(1),
                                        Duration.ofMillis(300)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void tellsWhichServerAnswersAndTheSessionTimeoutItGranted() {
        ZooKeeperRecordTree tree =
                ZooKeeperRecordTree.connect(
                        ZOOKEEPER.connectString(),
                        ZOOKEEPER.identities().controller(),
                        Duration.ofHours(1),
                        Duration.ofSeconds(10));
        try {
            assertThat(tree.sessionTimeout()).isEqualTo(Duration.ofSeconds(60));
            assertThat(tree.server()).contains(ZOOKEEPER.connectString());
        } finally {
            tree.close();
        }
        assertThat(tree.server()).isEmpty();
    }

    @Test
    void aClusterOfTheSameNameUnderAnotherIdentityIsOutOfReach() {
        Identities others = Identities.generate(ZOOKEEPER.cluster());
        ClusterStore store =
                new ClusterStore(
                        ZOOKEEPER.connect(ZOOKEEPER.connectString(), others.controller()),
                        ZOOKEEPER.cluster());

        assertThatThrownBy(store::prepare)
                .isInstanceOf(StoreException.Denied.class)
                .hasMessageContaining("identity");
    }

    private RecordTree through(CuttingProxy proxy) {
        return ZOOKEEPER.connect(proxy.connectString(), ZOOKEEPER.identities().controller());
    }

    private Write record(String path, String text) {
        return new Create(path(path), bytes(text), Lifetime.PERSISTENT, Access.CLUSTER);
    }

    private String path(String below) {
        return "/xlctl/" + ZOOKEEPER.cluster() + below;
    }

    private Optional<String> text(RecordTree tree, String path) {
        return tree.read(path(path)).map(stored -> new String(stored.value(), UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
