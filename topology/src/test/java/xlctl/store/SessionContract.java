package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.store.ClusterRecords.bytes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

/**
 * What holds for sessions with every {@link RecordTree}: who may do what, what ends with them, what
 * wakes them.
 */
abstract class SessionContract {
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
        RecordTree session = trees().connect(party);
        String path = root + "/guarded";
        records.write(new Create(path, bytes("0"), Lifetime.PERSISTENT, access));
        RecordTree maker = access == Access.AGENT ? trees().connect(Party.AGENT) : tree;
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
        records.write(new Create(root + "/guarded", bytes("0"), Lifetime.PERSISTENT, access));
        RecordTree stranger = trees().connect(Party.STRANGER);

        assertThatThrownBy(() -> stranger.read(root + "/guarded"))
                .isInstanceOf(StoreException.Denied.class)
                .hasMessageContaining("may not read " + root + "/guarded");
        assertThatThrownBy(() -> stranger.children(root)).isInstanceOf(StoreException.Denied.class);
    }

    @Test
    void tellsAnAgentThatNothingWasPreparedForIt() {
        RecordTree agent = trees().connect(Party.AGENT);

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
    void sessionRecordsVanishWithTheirSession() {
        RecordTree agent = trees().connect(Party.AGENT);
        RecordTree other = trees().connect(Party.AGENT);
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
        RecordTree agent = trees().connect(Party.AGENT);
        Semaphore woken = new Semaphore(0);
        agent.watch(root + "/unrelated", woken::release);
        agent.write(List.of(presence("h")));
        await().until(() -> woken.tryAcquire());
        woken.drainPermits();

        trees().expire(agent);

        assertThat(acquired(woken)).isTrue();
        await().untilAsserted(() -> assertThat(tree.children(root + "/presence")).isEmpty());
        agent.write(List.of(presence("h")));
        assertThat(tree.children(root + "/presence")).containsOnlyKeys("h");
        assertThat(agent.connected()).isTrue();
    }

    @Test
    void reliesOnARecordOnlyIfThisSessionMadeIt() {
        RecordTree other = trees().connect(Party.CONTROLLER);
        records.write(new Create(root + "/lock", bytes("me"), Lifetime.SESSION, Access.CONTROLLER));

        records.write(new CheckOwn(root + "/lock", 0), records.record("/a", "done"));
        assertThatThrownBy(() -> records.write(new CheckOwn(root + "/lock", 1)))
                .isInstanceOf(StoreException.Stale.class);
        assertThatThrownBy(
                        () ->
                                other.write(
                                        List.of(
                                                new CheckOwn(root + "/lock", 0),
                                                records.record("/b", "stolen"))))
                .isInstanceOf(StoreException.Stale.class)
                .hasMessageContaining(root + "/lock");
        assertThat(records.text("/b")).isEmpty();

        trees().expire(tree);
        await().until(() -> other.read(root + "/lock").isEmpty());
        other.write(
                List.of(
                        new Create(
                                root + "/lock",
                                bytes("other"),
                                Lifetime.SESSION,
                                Access.CONTROLLER)));
        assertThatThrownBy(
                        () ->
                                records.write(
                                        new CheckOwn(root + "/lock", 0),
                                        records.record("/c", "late")))
                .isInstanceOf(StoreException.Stale.class);
        assertThat(other.read(root + "/c")).isEmpty();
    }

    @Test
    void wakesOnEveryKindOfChangeAtOrBelowThePath() {
        RecordTree watching = trees().connect(Party.CONTROLLER);
        Semaphore woken = new Semaphore(0);
        RecordTree.Watch watch = watching.watch(root + "/w", woken::release);
        assertThat(acquired(woken)).as("once in place").isTrue();

        for (Write write :
                List.of(
                        records.record("/w", "0"),
                        new Replace(root + "/w", bytes("1"), 0),
                        records.record("/w/below", "0"),
                        records.record("/w/below/deeper", "0"),
                        new Replace(root + "/w/below/deeper", bytes("1"), 0),
                        new Delete(root + "/w/below/deeper", 1))) {
            woken.drainPermits();
            records.write(write);
            assertThat(acquired(woken)).as(write.toString()).isTrue();
        }

        watch.close();
        woken.drainPermits();
        Semaphore stillWoken = new Semaphore(0);
        watching.watch(root + "/w", stillWoken::release);
        assertThat(acquired(stillWoken)).isTrue();
        records.write(new Replace(root + "/w", bytes("2"), 1));
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

        records.create("/w", "0");

        assertThat(acquired(woken)).isTrue();
    }

    @Test
    void aWatchMayReadTheTree() {
        List<Optional<String>> seen = Collections.synchronizedList(new ArrayList<>());
        tree.watch(root + "/w", () -> seen.add(records.text("/w")));

        records.create("/w", "new");

        await().untilAsserted(() -> assertThat(seen).contains(Optional.of("new")));
    }

    @Test
    void saysThatItWasClosed() {
        RecordTree session = trees().connect(Party.CONTROLLER);
        session.close();

        assertThat(session.connected()).isFalse();
        assertThatThrownBy(() -> session.read(root))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> session.write(List.of(records.record("/a", "late"))))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("closed");
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

    private Create presence(String host) {
        return new Create(root + "/presence/" + host, bytes(host), Lifetime.SESSION, Access.AGENT);
    }
}
