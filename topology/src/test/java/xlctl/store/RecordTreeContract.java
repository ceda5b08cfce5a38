package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.store.ClusterRecords.bytes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

/** What every {@link RecordTree} keeps to, of records and their versions. */
abstract class RecordTreeContract {
    private ClusterRecords records;
    private RecordTree tree;
    private String root;

    abstract RecordTrees trees();

    @BeforeEach
    void prepare() {
        records = new ClusterRecords(trees());
        tree = records.tree();
        root = records.root();
    }

    @Test
    void readsWhatWasCreatedAtVersionZero() {
        records.create("/a", "one");

        assertThat(records.text("/a")).contains("one");
        assertThat(tree.read(root + "/a").orElseThrow().version()).isZero();
        assertThat(tree.read(root + "/absent")).isEmpty();
    }

    @Test
    void countsTheVersionUpWithEveryReplacement() {
        records.create("/a", "0");
        for (int version = 0; version < 5; version++) {
            records.write(new Replace(root + "/a", bytes("" + (version + 1)), version));
            assertThat(tree.read(root + "/a").orElseThrow().version()).isEqualTo(version + 1);
        }

        assertThat(records.text("/a")).contains("5");
    }

    @Test
    void refusesToCreateWhatExists() {
        records.create("/a", "one");

        assertThatThrownBy(() -> records.create("/a", "two"))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining("cannot create " + root + "/a")
                .hasMessageContaining("version 0");
        assertThat(records.text("/a")).contains("one");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 7", "1, 0", "1, 2", "3, 0", "3, 2", "3, 4"})
    void refusesEveryVersionButTheOneThatIs(int actual, int named) {
        records.create("/a", "v");
        for (int version = 0; version < actual; version++) {
            records.write(new Replace(root + "/a", bytes("v"), version));
        }

        for (Write write :
                List.of(
                        new Replace(root + "/a", bytes("x"), named),
                        new Delete(root + "/a", named),
                        new Check(root + "/a", named))) {
            assertThatThrownBy(() -> records.write(write))
                    .isInstanceOf(StoreException.Stale.class)
                    .hasMessageContaining(root + "/a at version " + named)
                    .hasMessageContaining("it has version " + actual);
        }
        assertThat(tree.read(root + "/a").orElseThrow().version()).isEqualTo(actual);
        assertThat(records.text("/a")).contains("v");
        records.write(new Check(root + "/a", actual));
        records.write(new Delete(root + "/a", actual));
        assertThat(records.text("/a")).isEmpty();
    }

    @Test
    void refusesToTouchWhatIsAbsent() {
        for (Write write :
                List.of(
                        new Replace(root + "/a", bytes("x"), 0),
                        new Delete(root + "/a", 0),
                        new Check(root + "/a", 0),
                        new CheckOwn(root + "/a", 0))) {
            assertThatThrownBy(() -> records.write(write))
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
        records.create("/a", "a");
        records.create("/b", "b");

        assertThatThrownBy(
                        () ->
                                records.write(
                                        new Replace(root + "/a", bytes("changed"), 0),
                                        records.record("/c", "new"),
                                        new Delete(root + "/b", 0),
                                        new Check(root + "/a", 7)))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining(root + "/a at version 7");
        assertThat(records.text("/a")).contains("a");
        assertThat(records.text("/b")).contains("b");
        assertThat(records.text("/c")).isEmpty();

        records.write(
                new Replace(root + "/a", bytes("changed"), 0),
                records.record("/c", "new"),
                new Delete(root + "/b", 0),
                new Check(root + "/a", 1));
        assertThat(records.text("/a")).contains("changed");
        assertThat(records.text("/b")).isEmpty();
        assertThat(records.text("/c")).contains("new");
    }

    @Test
    void writesInTheOrderGiven() {
        records.write(
                records.record("/a", "0"),
                new Replace(root + "/a", bytes("1"), 0),
                records.record("/a/below", "x"));

        assertThat(records.text("/a")).contains("1");
        assertThat(records.text("/a/below")).contains("x");
    }

    @Test
    void doesNothingWhenAskedToWriteNothing() {
        tree.write(List.of());

        assertThat(tree.connected()).isTrue();
    }

    @Test
    void listsTheRecordsDirectlyBelow() {
        records.write(
                records.record("/p", ""),
                records.record("/p/b", "B"),
                records.record("/p/a", "A"),
                records.record("/p/a/deeper", "x"),
                records.record("/pq", "not below"));
        records.write(new Replace(root + "/p/b", bytes("B1"), 0));

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
        records.create("/x/y/z", "deep");

        assertThat(records.text("/x/y/z")).contains("deep");
        assertThat(tree.children(root + "/x")).containsOnlyKeys("y");
    }

    @Test
    void refusesToDeleteWhatHasRecordsBelow() {
        records.create("/p", "");
        records.create("/p/a", "A");

        assertThatThrownBy(() -> records.write(new Delete(root + "/p", 0)))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining("records below");
        records.write(new Delete(root + "/p/a", 0), new Delete(root + "/p", 0));
        assertThat(records.text("/p")).isEmpty();
    }

    @Test
    void losesNoIncrementOfManyWriters() throws Exception {
        records.create("/counter", "0");

        inParallel(
                4,
                session -> {
                    for (int count = 0; count < 250; count++) {
                        incrementUntilWritten(session);
                    }
                });

        assertThat(records.text("/counter")).contains("1000");
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
                        session.write(List.of(records.record("/prize", name)));
                        winners.add(name);
                    } catch (StoreException.Stale e) {
                        assertThat(e).hasMessageContaining(root + "/prize");
                    }
                });

        assertThat(winners).hasSize(1);
        assertThat(records.text("/prize")).contains(winners.get(0));
    }

    @Test
    void refusesARecordThatIsTooLarge() {
        assertThatThrownBy(
                        () ->
                                records.write(
                                        new Create(
                                                root + "/big",
                                                new byte[1_000_001],
                                                Lifetime.PERSISTENT,
                                                Access.CLUSTER)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessageContaining(root + "/big")
                .hasMessageContaining("1000001 bytes");
        assertThat(tree.connected()).isTrue();
        assertThat(records.text("/big")).isEmpty();
    }

    @Test
    void refusesAChangeThatIsTooLarge() {
        byte[] half = new byte[510_000];
        assertThatThrownBy(
                        () ->
                                records.write(
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
        assertThat(records.text("/one")).isEmpty();
    }

    @Test
    void takesARecordOfTheLargestSize() {
        byte[] data = new byte[1_000_000];
        records.write(new Create(root + "/large", data, Lifetime.PERSISTENT, Access.CLUSTER));

        assertThat(tree.read(root + "/large").orElseThrow().value()).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "/a/", "//a", "/a//b", "/a\u0000"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> tree.read(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> records.write(new Check(path, 0)))
                .isInstanceOf(IllegalArgumentException.class);
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
                RecordTree own = trees().connect(Party.CONTROLLER);
                running.add(threads.submit(() -> work.accept(own)));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
