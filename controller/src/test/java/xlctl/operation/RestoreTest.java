package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.Backup;
import xlctl.store.ClusterSecrets;
import xlctl.store.HeldInstance;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.Lineage;
import xlctl.store.OperationHeader;
import xlctl.store.Snapshot;
import xlctl.store.Versioned;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

/** A backup, a store that lost everything, and what agents remember. */
class RestoreTest {
    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = World.add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = World.add(NodeKind.DATANODE, "data_1", "h3");
    private static final Command LATER = World.add(NodeKind.DATANODE, "data_2", "h4");

    private final World world = new World("h1", "h2", "h3", "h4");
    private Backup backup;
    private World.Picture before;
    private Lineage life;

    @BeforeEach
    void backUp() {
        world.with(GTM, COORDINATOR, DATANODE);
        backup = Backup.of(World.CLUSTER, Instant.EPOCH, world.store().snapshot()).orElseThrow();
        before = world.picture();
        life = world.store().lineage().orElseThrow().value();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void everythingIsAsItWasAndGoesOn() {
        lose();
        agentsSayWhatTheyHold(2, 1);

        Outcome outcome = restore();

        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices()).isEmpty();
        assertThat(world.picture()).isEqualTo(before);
        assertThat(world.store().secrets().map(Versioned::value))
                .contains(backup.records().secrets());
        assertThat(world.store().lock()).isEmpty();
        assertThat(run(LATER).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void noNumberThatAgentsRememberComesAgain() {
        lose();
        agentsSayWhatTheyHold(9, 4);

        long operation = restore().operation().orElseThrow();

        assertThat(world.store().topology().orElseThrow().version()).isEqualTo(10);
        assertThat(world.store().nodeStates().values())
                .extracting(state -> state.value().generation())
                .containsOnly(4L);
        assertThat(operation).isEqualTo(3 + 1_000 + 1);
        assertThat(run(LATER).operation()).contains(operation + 1);
        OperationHeader entry = world.store().operation(operation).orElseThrow().value();
        assertThat(entry.command()).contains("restore of the backup of 1970-01-01T00:00:00Z");
        assertThat(entry.who()).isEqualTo("tester");
        assertThat(world.controller().planOf(operation).steps()).isEmpty();
    }

    @Test
    void itIsAnotherLifeOfTheSameCluster() {
        lose();
        agentsSayWhatTheyHold(2, 1);
        restore();

        Lineage now = world.store().lineage().orElseThrow().value();
        assertThat(now.founding()).isEqualTo(life.founding());
        assertThat(now.life()).isNotEqualTo(life.life());
    }

    @Test
    void whereTheRecordsAreNothingIsWritten() {
        Outcome outcome = restore();

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.operation()).isEmpty();
        assertThat(outcome.notices().toString()).contains("already");
        assertThat(world.operations()).hasSize(3);
    }

    @Test
    void whereOtherRecordsAreItIsRefusedWithTheDifference() {
        run(LATER);
        run(World.remove(NodeKind.DATANODE, "data_1", Disposal.ERASE));

        Outcome outcome = restore();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString())
                .contains(
                        "node data_1 is in the backup only",
                        "node data_2 is in ZooKeeper only",
                        "nothing was written");
    }

    @Test
    void aClusterBegunAnewIsNotOverwritten() {
        lose();
        world.register("h9");
        assertThat(run(World.add(NodeKind.GTM, "gtm_9", "h9")).end()).isEqualTo(Outcome.End.DONE);

        Outcome outcome = restore();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString())
                .contains("node data_1 is in the backup only", "passwords are others");
        assertThat(outcome.problems().toString())
                .doesNotContain(backup.records().secrets().superuser().reveal());
    }

    @Test
    void membersThatTheBackupDoesNotKnowAreNotLeftOutUnasked() {
        lose();
        agentsSayWhatTheyHold(2, 1);
        says("h4", held("data_2", 3, 1, life));

        Outcome refused = restore();

        assertThat(refused.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(refused.problems().toString())
                .contains("older than the cluster", "data_2 on host h4", "--older");
        assertThat(world.store().topology()).isEmpty();

        Outcome asked = restore(true);
        assertThat(asked.end()).isEqualTo(Outcome.End.DONE);
        assertThat(asked.notices().toString()).contains("data_2 on host h4 is left as it is");
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    void membersOfAnotherClusterOfTheNameAreNotTakenOver() {
        lose();
        says("h3", held("data_1", 3, 1, new Lineage("another", "another")));

        Outcome outcome = restore(true);

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString())
                .contains("another cluster of this name", "data_1 on host h3");
    }

    @Test
    void whoWasNotThereIsNamed() {
        lose();
        says("h1", held("gtm_1", 2, 1, life));
        says("h2", held("coord_1", 2, 1, life));
        List<String> heard = new ArrayList<>();

        Outcome outcome =
                world.controller()
                        .restore(
                                backup,
                                false,
                                new Listener() {
                                    @Override
                                    public void progress(
                                            long operation, Optional<NodeName> node, String text) {}

                                    @Override
                                    public void waiting(String text) {
                                        heard.add(text);
                                    }
                                },
                                new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices())
                .singleElement()
                .asString()
                .contains("the agent of h3 is not connected");
        assertThat(heard).singleElement().asString().contains("what the agents hold of h3");
    }

    /** At the first nothing is written, at the tenth all is; then the lock is given back. */
    @Test
    void itsMiddleHasNoMorePointsThanAreTriedBelow() {
        lose();
        agentsSayWhatTheyHold(2, 1);
        CrashPoint points = CrashPoint.never();

        Outcome outcome =
                world.controller(points.around(world.session()), world.agents(), "living")
                        .restore(backup, false, World.QUIET, new Cancellation());

        assertThat(outcome.problems()).isEmpty();
        assertThat(points.passed()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
    void oneThatEndedInTheMiddleIsDoneAgain(int point) {
        lose();
        agentsSayWhatTheyHold(2, 1);
        InMemoryRecordTree session = world.session();
        Operations dying =
                world.controller(new CrashPoint(point).around(session), world.agents(), "dying");
        assertThatThrownBy(() -> dying.restore(backup, false, World.QUIET, new Cancellation()))
                .isInstanceOf(CrashPoint.Crash.class);
        session.close();
        assertThat(world.store().topology()).isEmpty();

        Outcome again = restore();

        assertThat(again.problems()).isEmpty();
        assertThat(again.operation()).isPresent();
        assertThat(world.picture()).isEqualTo(before);
        assertThat(run(LATER).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void aBackupTakenDuringARotationHasNoPasswordsThatAreToComeAndAnotherRotationMakesNew() {
        AtomicReference<Snapshot> during = new AtomicReference<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.TakeSecrets) {
                                during.compareAndSet(null, world.store().snapshot());
                            }
                        });
        assertThat(run(new Command.RotatePasswords()).end()).isEqualTo(Outcome.End.DONE);
        backup = Backup.of(World.CLUSTER, Instant.EPOCH, during.get()).orElseThrow();
        List<Secret> known = during.get().secrets().orElseThrow().value().all();
        assertThat(known).hasSize(8);
        assertThat(known.stream().filter(each -> backup.text().contains(each.reveal())).toList())
                .isEqualTo(backup.records().secrets().all());
        lose();
        agentsSayWhatTheyHold(2, 1);
        assertThat(restore().end()).isEqualTo(Outcome.End.DONE);

        assertThat(run(new Command.RotatePasswords()).end()).isEqualTo(Outcome.End.DONE);

        assertThat(world.store().secrets().orElseThrow().value().all())
                .doesNotContainAnyElementsOf(known);
        assertServersGoByTheClustersPasswords();
    }

    @Test
    void aBackupFromBeforeARotationNeedsOneMore() {
        assertThat(run(new Command.RotatePasswords()).end()).isEqualTo(Outcome.End.DONE);
        List<Secret> rotated = world.store().secrets().orElseThrow().value().all();
        lose();
        agentsSayWhatTheyHold(2, 1);
        assertThat(restore().end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.store().secrets().map(Versioned::value))
                .contains(backup.records().secrets());

        assertThat(run(new Command.RotatePasswords()).end()).isEqualTo(Outcome.End.DONE);

        assertThat(world.store().secrets().orElseThrow().value().all())
                .doesNotContainAnyElementsOf(rotated)
                .doesNotContainAnyElementsOf(backup.records().secrets().all());
        assertServersGoByTheClustersPasswords();
    }

    private void assertServersGoByTheClustersPasswords() {
        ClusterSecrets now = world.store().secrets().orElseThrow().value();
        assertThat(world.picture().secrets())
                .hasSize(3)
                .allSatisfy(
                        (instance, secrets) -> {
                            assertThat(secrets.verifiers())
                                    .containsEntry(
                                            now.logins().internal(),
                                            ScramVerifier.of(now.internal()))
                                    .doesNotContainKey(now.logins().other().internal());
                            assertThat(secrets.superuser()).isEqualTo(now.superuser());
                        });
    }

    private void lose() {
        world.emptyStore();
        world.store().prepare();
    }

    private void agentsSayWhatTheyHold(int version, long generation) {
        says("h1", held("gtm_1", version, generation, life));
        says("h2", held("coord_1", version, generation, life));
        says("h3", held("data_1", version, generation, life));
    }

    private static HeldInstance held(String node, int version, long generation, Lineage life) {
        return new HeldInstance(
                new InstanceName(new NodeName(node), 1), version, generation, Optional.of(life));
    }

    private void says(String host, HeldInstance held) {
        world.store()
                .change()
                .createPresence(World.presence(host, Optional.of(List.of(held))))
                .commit();
    }

    private Outcome restore() {
        return restore(false);
    }

    private Outcome restore(boolean older) {
        return world.controller().restore(backup, older, World.QUIET, new Cancellation());
    }

    private Outcome run(Command command) {
        return world.controller().run(List.of(command), World.QUIET, new Cancellation()).get(0);
    }
}
