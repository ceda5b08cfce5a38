package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;
import xlctl.topology.ClusterName;

/** What every {@link RecordTree} keeps to. */
abstract class RecordTreeContract {
    private RecordTree tree;
    private String root;

    /** A session of its own with the tree of this test. */
    abstract RecordTree connect(Party party);

    abstract void expire(RecordTree session);

    abstract ClusterName cluster();

    @BeforeEach
    void prepare() {
        tree = connect(Party.CONTROLLER);
        new ClusterStore(tree, cluster()).prepare();
        root = "/xlctl/" + cluster();
    }

    @Test
    void readsWhatWasCreatedAtVersionZero() {
        create("/a", "one");

        assertThat(text("/a")).contains("one");
        assertThat(tree.read(root + "/a").orElseThrow().version()).isZero();
        assertThat(tree.read(root + "/absent")).isEmpty();
    }

    @Test
    void countsTheVersionUpWithEveryReplacement() {
        create("/a", "0");
        for (int version = 0; version < 5; version++) {
            write(new Replace(root + "/a", bytes("" + (version + 1)), version));
            assertThat(tree.read(root + "/a").orElseThrow().version()).isEqualTo(version + 1);
        }

        assertThat(text("/a")).contains("5");
    }

    @Test
    void refusesToCreateWhatExists() {
        create("/a", "one");

        assertThatThrownBy(() -> create("/a", "two"))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining("cannot create " + root + "/a")
                .hasMessageContaining("version 0");
        assertThat(text("/a")).contains("one");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 7", "1, 0", "1, 2", "3, 0", "3, 2", "3, 4"})
    void refusesEveryVersionButTheOneThatIs(int actual, int named) {
        create("/a", "v");
        for (int version = 0; version < actual; version++) {
            write(new Replace(root + "/a", bytes("v"), version));
        }

        for (Write write :
                List.of(
                        new Replace(root + "/a", bytes("x"), named),
                        new Delete(root + "/a", named),
                        new Check(root + "/a", named))) {
            assertThatThrownBy(() -> write(write))
                    .isInstanceOf(StoreException.Stale.class)
                    .hasMessageContaining(root + "/a at version " + named)
                    .hasMessageContaining("it has version " + actual);
        }
        assertThat(tree.read(root + "/a").orElseThrow().version()).isEqualTo(actual);
        assertThat(text("/a")).contains("v");
        write(new Check(root + "/a", actual));
        write(new Delete(root + "/a", actual));
        assertThat(text("/a")).isEmpty();
    }

    @Test
    void refusesToTouchWhatIsAbsent() {
        for (Write write :
                List.of(
                        new Replace(root + "/a", bytes("x"), 0),
                        new Delete(root + "/a", 0),
                        new Check(root + "/a", 0),
                        new CheckOwn(root + "/a", 0))) {
            assertThatThrownBy(() -> write(write))
                    .isInstanceOf(StoreException.Stale.class)
                    .hasMessageContaining(root + "/a at version 0")
                    .hasMessageContaining("removed");
        }
    }

    @Test
    void knowsNoVersionThatMeansAny() {
        assertThatThrownBy(() -> new Replace(root + "/a", bytes("x"), -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delete(root + "/a", -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Check(root + "/a", -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesEverythingOrNothing() {
        create("/a", "a");
        create("/b", "b");

        assertThatThrownBy(
                        () ->
                                write(
                                        new Replace(root + "/a", bytes("changed"), 0),
                                        record("/c", "new"),
                                        new Delete(root + "/b", 0),
                                        new Check(root + "/a", 7)))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining(root + "/a at version 7");
        assertThat(text("/a")).contains("a");
        assertThat(text("/b")).contains("b");
        assertThat(text("/c")).isEmpty();

        write(
                new Replace(root + "/a", bytes("changed"), 0),
                record("/c", "new"),
                new Delete(root + "/b", 0),
                new Check(root + "/a", 1));
        assertThat(text("/a")).contains("changed");
        assertThat(text("/b")).isEmpty();
        assertThat(text("/c")).contains("new");
    }

    @Test
    void writesInTheOrderGiven() {
        write(record("/a", "0"), new Replace(root + "/a", bytes("1"), 0), record("/a/below", "x"));

        assertThat(text("/a")).contains("1");
        assertThat(text("/a/below")).contains("x");
    }

    @Test
    void doesNothingWhenAskedToWriteNothing() {
        tree.write(List.of());

        assertThat(tree.connected()).isTrue();
    }

    @Test
    void listsTheRecordsDirectlyBelow() {
        write(
                record("/p", ""),
                record("/p/b", "B"),
                record("/p/a", "A"),
                record("/p/a/deeper", "x"),
                record("/pq", "not below"));
        write(new Replace(root + "/p/b", bytes("B1"), 0));

        Map<String, Versioned<byte[]>> children = tree.children(root + "/p");
        assertThat(children).containsOnlyKeys("a", "b");
        assertThat(new String(children.get("b").value(), UTF_8)).isEqualTo("B1");
        assertThat(children.get("b").version()).isEqualTo(1);
        assertThat(children.get("a").version()).isZero();
        assertThat(tree.children(root + "/pq")).isEmpty();
        assertThat(tree.children(root + "/absent")).isEmpty();
    }

    @Test
    void makesMissingParentsForTheController() {
        create("/x/y/z", "deep");

        assertThat(text("/x/y/z")).contains("deep");
        assertThat(tree.children(root + "/x")).containsOnlyKeys("y");
    }

    @Test
    void tellsAnAgentThatNothingWasPreparedForIt() {
        RecordTree agent = connect(Party.AGENT);

        assertThatThrownBy(
                        () ->
                                agent.write(
                                        List.of(
                                                new Create(
                                                        root + "-other/presence/h",
                                                        bytes("x"),
                                                        Lifetime.SESSION,
                                                        Access.AGENT))))
                .isInstanceOf(StoreException.NotPrepared.class)
                .hasMessageContaining(root + "-other/presence/h")
                .hasMessageContaining(root + "-other does not exist yet");
    }

    @Test
    void refusesToDeleteWhatHasRecordsBelow() {
        create("/p", "");
        create("/p/a", "A");

        assertThatThrownBy(() -> write(new Delete(root + "/p", 0)))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining("records below");
        write(new Delete(root + "/p/a", 0), new Delete(root + "/p", 0));
        assertThat(text("/p")).isEmpty();
    }

    @Test
    void sessionRecordsVanishWithTheirSession() {
        RecordTree agent = connect(Party.AGENT);
        RecordTree other = connect(Party.AGENT);
        agent.write(List.of(presence("mine")));
        other.write(List.of(presence("others")));
        assertThat(tree.children(root + "/presence")).containsOnlyKeys("mine", "others");

        agent.close();

        await().untilAsserted(
                        () ->
                                assertThat(tree.children(root + "/presence"))
                                        .containsOnlyKeys("others"));
    }

    @Test
    void anExpiredSessionLosesItsRecordsAndIsWoken() {
        RecordTree agent = connect(Party.AGENT);
        Semaphore woken = new Semaphore(0);
        agent.watch(root + "/unrelated", woken::release);
        agent.write(List.of(presence("h")));
        await().until(() -> woken.tryAcquire());
        woken.drainPermits();

        expire(agent);

        assertThat(acquired(woken)).isTrue();
        await().untilAsserted(() -> assertThat(tree.children(root + "/presence")).isEmpty());
        agent.write(List.of(presence("h")));
        assertThat(tree.children(root + "/presence")).containsOnlyKeys("h");
        assertThat(agent.connected()).isTrue();
    }

    @Test
    void reliesOnARecordOnlyIfThisSessionMadeIt() {
        RecordTree other = connect(Party.CONTROLLER);
        write(new Create(root + "/lock", bytes("me"), Lifetime.SESSION, Access.CONTROLLER));

        write(new CheckOwn(root + "/lock", 0), record("/a", "done"));
        assertThatThrownBy(() -> write(new CheckOwn(root + "/lock", 1)))
                .isInstanceOf(StoreException.Stale.class);
        assertThatThrownBy(
                        () ->
                                other.write(
                                        List.of(
                                                new CheckOwn(root + "/lock", 0),
                                                record("/b", "stolen"))))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining(root + "/lock");
        assertThat(text("/b")).isEmpty();

        expire(tree);
        await().until(() -> other.read(root + "/lock").isEmpty());
        other.write(
                List.of(
                        new Create(
                                root + "/lock",
                                bytes("other"),
                                Lifetime.SESSION,
                                Access.CONTROLLER)));
        assertThatThrownBy(() -> write(new CheckOwn(root + "/lock", 0), record("/c", "late")))
                .isInstanceOf(StoreException.Stale.class);
        assertThat(other.read(root + "/c")).isEmpty();
    }

    @Test
    void wakesOnEveryKindOfChangeAtOrBelowThePath() {
        RecordTree watching = connect(Party.CONTROLLER);
        Semaphore woken = new Semaphore(0);
        RecordTree.Watch watch = watching.watch(root + "/w", woken::release);
        assertThat(acquired(woken)).as("once in place").isTrue();

        for (Write write :
                List.of(
                        record("/w", "0"),
                        new Replace(root + "/w", bytes("1"), 0),
                        record("/w/below", "0"),
                        record("/w/below/deeper", "0"),
                        new Replace(root + "/w/below/deeper", bytes("1"), 0),
                        new Delete(root + "/w/below/deeper", 1))) {
            woken.drainPermits();
            write(write);
            assertThat(acquired(woken)).as(write.toString()).isTrue();
        }

        watch.close();
        woken.drainPermits();
        Semaphore stillWoken = new Semaphore(0);
        watching.watch(root + "/w", stillWoken::release);
        assertThat(acquired(stillWoken)).isTrue();
        write(new Replace(root + "/w", bytes("2"), 1));
        assertThat(acquired(stillWoken)).isTrue();
        assertThat(woken.availablePermits()).as("after closing").isZero();
    }

    @Test
    void keepsAWatchWhoseCallFailed() {
        Semaphore woken = new Semaphore(0);
        tree.watch(
                root + "/w",
                () -> {
                    woken.release();
                    throw new IllegalStateException("on purpose");
                });
        assertThat(acquired(woken)).isTrue();

        create("/w", "0");

        assertThat(acquired(woken)).isTrue();
    }

    @Test
    void aWatchMayReadTheTree() {
        List<Optional<String>> seen = Collections.synchronizedList(new ArrayList<>());
        tree.watch(root + "/w", () -> seen.add(text("/w")));

        create("/w", "new");

        await().untilAsserted(() -> assertThat(seen).contains(Optional.of("new")));
    }

    @Test
    void losesNoIncrementOfManyWriters() throws Exception {
        create("/counter", "0");

        inParallel(
                4,
                session -> {
                    for (int count = 0; count < 250; count++) {
                        incrementUntilWritten(session);
                    }
                });

        assertThat(text("/counter")).contains("1000");
        assertThat(tree.read(root + "/counter").orElseThrow().version()).isEqualTo(1000);
    }

    @Test
    void letsExactlyOneOfManyCreatorsWin() throws Exception {
        List<String> winners = Collections.synchronizedList(new ArrayList<>());

        inParallel(
                8,
                session -> {
                    String name = Thread.currentThread().getName();
                    try {
                        session.write(List.of(record("/prize", name)));
                        winners.add(name);
                    } catch (StoreException.Stale e) {
                        assertThat(e).hasMessageContaining(root + "/prize");
                    }
                });

        assertThat(winners).hasSize(1);
        assertThat(text("/prize")).contains(winners.get(0));
    }

    @ParameterizedTest
    @CsvSource({
        // party, access, read, replace, create below, delete below
        "CONTROLLER, CLUSTER, true, true, true, true",
        "CONTROLLER, AGENT, true, false, false, true",
        "CONTROLLER, CONTROLLER, true, true, true, true",
        "AGENT, CLUSTER, true, false, false, false",
        "AGENT, AGENT, true, true, true, true",
        "AGENT, CONTROLLER, false, false, false, false",
        "STRANGER, CLUSTER, false, false, false, false",
        "STRANGER, AGENT, false, false, false, false",
        "STRANGER, CONTROLLER, false, false, false, false",
    })
    void givesEachPartyItsRights(
            Party party,
            Access access,
            boolean read,
            boolean replace,
            boolean createBelow,
            boolean deleteBelow) {
        RecordTree session = connect(party);
        String path = root + "/guarded";
        write(new Create(path, bytes("0"), Lifetime.PERSISTENT, access));
        RecordTree maker = access == Access.AGENT ? connect(Party.AGENT) : tree;
        maker.write(List.of(new Create(path + "/child", bytes("c"), Lifetime.PERSISTENT, access)));

        assertAllowed(read, () -> session.read(path));
        assertAllowed(read, () -> session.children(path));
        assertAllowed(read, () -> session.write(List.of(new Check(path, 0))));
        assertAllowed(replace, () -> session.write(List.of(new Replace(path, bytes("1"), 0))));
        assertAllowed(
                createBelow,
                () ->
                        session.write(
                                List.of(
                                        new Create(
                                                path + "/more",
                                                bytes("m"),
                                                Lifetime.PERSISTENT,
                                                access))));
        assertAllowed(deleteBelow, () -> session.write(List.of(new Delete(path + "/child", 0))));
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void saysWhoMayNotDoWhat(Access access) {
        write(new Create(root + "/guarded", bytes("0"), Lifetime.PERSISTENT, access));
        RecordTree stranger = connect(Party.STRANGER);

        assertThatThrownBy(() -> stranger.read(root + "/guarded"))
                .isInstanceOf(StoreException.Denied.class)
                .hasMessageContaining("may not read " + root + "/guarded");
        assertThatThrownBy(() -> stranger.children(root)).isInstanceOf(StoreException.Denied.class);
    }

    @Test
    void refusesARecordThatIsTooLarge() {
        assertThatThrownBy(
                        () ->
                                write(
                                        new Create(
                                                root + "/big",
                                                new byte[1_000_001],
                                                Lifetime.PERSISTENT,
                                                Access.CLUSTER)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessageContaining(root + "/big")
                .hasMessageContaining("1000001 bytes");
        assertThat(tree.connected()).isTrue();
        assertThat(text("/big")).isEmpty();
    }

    @Test
    void refusesAChangeThatIsTooLarge() {
        byte[] half = new byte[510_000];
        assertThatThrownBy(
                        () ->
                                write(
                                        new Create(
                                                root + "/one",
                                                half,
                                                Lifetime.PERSISTENT,
                                                Access.CLUSTER),
                                        new Create(
                                                root + "/two",
                                                half,
                                                Lifetime.PERSISTENT,
                                                Access.CLUSTER)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessageContaining("2 records");
        assertThat(text("/one")).isEmpty();
    }

    @Test
    void takesARecordOfTheLargestSize() {
        byte[] data = new byte[1_000_000];
        write(new Create(root + "/large", data, Lifetime.PERSISTENT, Access.CLUSTER));

        assertThat(tree.read(root + "/large").orElseThrow().value()).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "/a/", "//a", "/a//b", "/a\u0000"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> tree.read(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> write(new Check(path, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysThatItWasClosed() {
        RecordTree session = connect(Party.CONTROLLER);
        session.close();

        assertThat(session.connected()).isFalse();
        assertThatThrownBy(() -> session.read(root))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> session.write(List.of(record("/a", "late"))))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("closed");
    }

    private void incrementUntilWritten(RecordTree session) {
        while (true) {
            Versioned<byte[]> counter = session.read(root + "/counter").orElseThrow();
            int next = Integer.parseInt(new String(counter.value(), UTF_8)) + 1;
            try {
                session.write(
                        List.of(
                                new Replace(
                                        root + "/counter", bytes("" + next), counter.version())));
                return;
            } catch (StoreException.Stale e) {
                assertThat(e).hasMessageContaining("nothing was written");
            }
        }
    }

    private void inParallel(int sessions, Consumer<RecordTree> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int session = 0; session < sessions; session++) {
                RecordTree own = connect(Party.CONTROLLER);
                running.add(threads.submit(() -> work.accept(own)));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertAllowed(boolean allowed, Runnable action) {
        if (allowed) {
            action.run();
        } else {
            assertThatThrownBy(action::run).isInstanceOf(StoreException.Denied.class);
        }
    }

    private static boolean acquired(Semaphore semaphore) {
        try {
            return semaphore.tryAcquire(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void create(String path, String text) {
        write(record(path, text));
    }

    private void write(Write... writes) {
        tree.write(List.of(writes));
    }

    private Create record(String path, String text) {
        return new Create(root + path, bytes(text), Lifetime.PERSISTENT, Access.CLUSTER);
    }

    private Create presence(String host) {
        return new Create(root + "/presence/" + host, bytes(host), Lifetime.SESSION, Access.AGENT);
    }

    private Optional<String> text(String path) {
        return tree.read(root + path).map(stored -> new String(stored.value(), UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
