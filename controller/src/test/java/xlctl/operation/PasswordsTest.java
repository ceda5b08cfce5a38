package xlctl.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.json.Json;
import xlctl.store.ClusterSecrets;
import xlctl.store.OperationHeader;
import xlctl.store.Passwords;
import xlctl.store.RecordTree;
import xlctl.store.StepRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceName;
import xlctl.topology.Logins;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

class PasswordsTest {
    private static final Command ROTATE = new Command.RotatePasswords();

    @Test
    void everyPasswordIsAnotherAfterwardsAndTheOtherRolesAreUsed() {
        try (World world = cluster()) {
            ClusterSecrets before = secrets(world);

            assertThat(run(world).end()).isEqualTo(Outcome.End.DONE);

            ClusterSecrets after = secrets(world);
            assertThat(after.passwords().all()).doesNotContainAnyElementsOf(before.all());
            assertThat(new HashSet<>(after.all())).hasSize(4);
            assertThat(after.logins()).isEqualTo(Logins.SECOND);
            assertThat(after.authority()).isEqualTo(before.authority());
            assertThat(run(world).end()).isEqualTo(Outcome.End.DONE);
            assertThat(secrets(world).logins()).isEqualTo(Logins.FIRST);
            assertThat(secrets(world).all()).doesNotContainAnyElementsOf(after.all());
        }
    }

    /** In any order in which the requests of a stage take place. */
    @Test
    void whateverAServerLogsInWithIsAdmittedByAllOthersAllTheTime() {
        try (World world = cluster()) {
            List<String> turnedAway = Collections.synchronizedList(new ArrayList<>());
            world.agents()
                    .onRequest(
                            request -> {
                                if (request instanceof Request.TakeSecrets) {
                                    turnedAway.addAll(turnedAway(world));
                                }
                            });

            run(world);
            run(world);

            turnedAway.addAll(turnedAway(world));
            assertThat(turnedAway).isEmpty();
        }
    }

    @Test
    void aServerIsReadyToLogInAsBothBeforeItUsesEither() {
        try (World world = cluster()) {
            run(world);

            List<Request.TakeSecrets> taken =
                    world.agents().requests(Request.TakeSecrets.class).stream()
                            .filter(request -> request.instance().toString().startsWith("coord_1"))
                            .toList();
            Set<ServerRole> both =
                    Set.of(
                            ServerRole.INTERNAL,
                            ServerRole.DDL,
                            ServerRole.INTERNAL_2,
                            ServerRole.DDL_2);
            assertThat(taken)
                    .extracting(request -> request.alsoOutgoing().keySet())
                    .containsExactly(both, both, Set.of(ServerRole.INTERNAL_2, ServerRole.DDL_2));
            assertThat(taken)
                    .extracting(request -> request.secrets().logins())
                    .containsExactly(Logins.FIRST, Logins.SECOND, Logins.SECOND);
        }
    }

    @Test
    void aNodeThatIsAddedLaterGoesByTheNewOnes() {
        try (World world = cluster()) {
            run(world);
            world.register("h4");

            world.with(add(NodeKind.DATANODE, "data_2", "h4"));

            assertThat(turnedAway(world)).isEmpty();
        }
    }

    @Test
    void aHostWhoseAgentIsAwayIsNamedBeforeAnythingIsDone() {
        try (World world = cluster()) {
            ClusterSecrets before = secrets(world);
            world.agents().cutOff("h3");

            Outcome outcome = run(world);

            assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
            assertThat(outcome.problems()).singleElement().asString().contains("h3");
            assertThat(secrets(world)).isEqualTo(before);
            assertThat(world.openOperations()).isEmpty();
        }
    }

    @Test
    void whatOneServerDoesNotTakeIsUndoneOnAll() {
        try (World world = cluster()) {
            World.Picture before = world.picture();
            ClusterSecrets secrets = secrets(world);
            world.agents().host("h2").failing(Request.TakeSecrets.class);

            Outcome outcome = run(world);

            assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
            world.agents().host("h2").heal();
            OperationHeader open = world.openOperations().get(0);
            assertThat(world.controller().rollback(open.number(), QUIET, new Cancellation()).end())
                    .isEqualTo(Outcome.End.DONE);
            assertThat(world.picture()).isEqualTo(before);
            assertThat(secrets(world)).isEqualTo(secrets);
        }
    }

    /** What an agent does not know it has not begun, and need not undo. */
    @Test
    void anAgentOfAnOlderReleaseIsNamedAndNothingIsLeftBehind() {
        try (World world = cluster()) {
            World.Picture before = world.picture();
            ClusterSecrets secrets = secrets(world);
            world.agents()
                    .host("h2")
                    .failing(
                            Request.TakeSecrets.class,
                            new Reply.Failed(
                                    Reply.Failed.Kind.UNKNOWN_REQUEST,
                                    List.of(Problem.of("TakeSecrets is not known", "upgrade"))));

            Outcome outcome = run(world);

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems().toString()).contains("coord_1", "TakeSecrets");
            assertThat(world.openOperations()).isEmpty();
            assertThat(world.picture()).isEqualTo(before);
            assertThat(secrets(world)).isEqualTo(secrets);
        }
    }

    @Test
    void noSecretIsInThePlanOrTheJournal() {
        try (World world = cluster()) {
            ClusterSecrets before = secrets(world);

            Outcome outcome = run(world);

            long number = outcome.operation().orElseThrow();
            String kept =
                    new String(world.store().plan(number), UTF_8)
                            + world.store().operation(number)
                            + world.store().steps(number)
                            + outcome;
            assertThat(Stream.concat(before.all().stream(), secrets(world).all().stream()))
                    .extracting(Secret::reveal)
                    .noneMatch(kept::contains);
        }
    }

    /** They may lie in an old backup. */
    @Test
    void passwordsThatAnEarlierRotationLeftBehindAreNotUsed() {
        try (World world = cluster()) {
            Passwords known = Passwords.generate();
            var present = world.store().secrets().orElseThrow();
            world.store()
                    .change()
                    .replaceSecrets(present.value().withNext(Optional.of(known)), present.version())
                    .commit();

            assertThat(run(world).end()).isEqualTo(Outcome.End.DONE);

            assertThat(secrets(world).all()).doesNotContainAnyElementsOf(known.all());
            assertThat(turnedAway(world)).isEmpty();
        }
    }

    @Test
    void someoneElsesChangeOfTheSecretsAtTheCommitPointIsNamedAsThat() {
        try (World world = cluster()) {
            ClusterSecrets before = secrets(world);
            RecordTree tree =
                    new SurroundedTree(
                            world.session(), new Undisturbed(), new BeforeTheCommit(world));

            Outcome outcome =
                    world.controller(tree, world.agents(), "tester")
                            .run(List.of(ROTATE), QUIET, new Cancellation())
                            .get(0);

            assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
            assertThat(outcome.problems().toString())
                    .contains("the cluster's passwords were changed by someone else");
            assertThat(secrets(world)).isEqualTo(before);
            assertThat(world.openOperations()).isEmpty();
        }
    }

    private record Undisturbed() implements SurroundedTree.Around {
        @Override
        public <T> T does(Supplier<T> work) {
            return work.get();
        }
    }

    /** Writes the secrets as they are, once the commit point of the fourth operation was begun. */
    private record BeforeTheCommit(World world) implements SurroundedTree.Around {
        @Override
        public <T> T does(Supplier<T> work) {
            boolean committing =
                    world.store().operation(4).isPresent()
                            && world.store()
                                            .steps(4)
                                            .get(
                                                    Journal.planOf(world.store(), 4)
                                                            .commit()
                                                            .getAsInt())
                                            .value()
                                            .state()
                                    == StepRecord.State.RUNNING;
            if (committing) {
                var present = world.store().secrets().orElseThrow();
                world.store().change().replaceSecrets(present.value(), present.version()).commit();
            }
            return work.get();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POSTGRESQL")
    void theRealEnginesAreRefusedWithTheReason(EngineKind engine) {
        try (World world = new World(engine, "h1").with(add(NodeKind.GTM, "gtm_1", "h1"))) {
            Outcome outcome = run(world);

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems())
                    .singleElement()
                    .asString()
                    .contains(engine.toString(), "log in to each other as whoever is logged in");
        }
    }

    @Test
    void aClusterWithoutMembersHasNothingToRotate() {
        try (World world = new World("h1")) {
            assertThat(run(world).problems().toString()).contains("no members yet");
        }
    }

    @Test
    void whatIsToComeIsAmongTheSecretsThatAreNotShown() {
        ClusterSecrets secrets = ClusterSecrets.generate();
        ClusterSecrets coming = secrets.withNext(Optional.of(Passwords.generate()));

        assertThat(coming.all()).hasSize(8).containsAll(coming.next().get().all());
        assertThat(coming.toString())
                .doesNotContain(coming.next().get().client().reveal(), secrets.client().reveal());
        assertThat(Json.read(Json.write(coming), ClusterSecrets.class, "test")).isEqualTo(coming);
    }

    private static World cluster() {
        return new World("h1", "h2", "h3")
                .with(
                        add(NodeKind.GTM, "gtm_1", "h1"),
                        add(NodeKind.COORDINATOR, "coord_1", "h2"),
                        add(NodeKind.DATANODE, "data_1", "h3"));
    }

    private static Outcome run(World world) {
        return world.controller().run(List.of(ROTATE), QUIET, new Cancellation()).get(0);
    }

    private static ClusterSecrets secrets(World world) {
        return world.store().secrets().orElseThrow().value();
    }

    /** Logins of servers, and of the controller, that a server would refuse now. */
    static List<String> turnedAway(World world) {
        Map<InstanceName, InstanceSecrets> instances = world.picture().secrets();
        ClusterSecrets cluster = secrets(world);
        List<String> refused = new ArrayList<>();
        instances.forEach(
                (server, admits) -> {
                    instances.forEach(
                            (client, uses) ->
                                    uses.outgoing()
                                            .forEach(
                                                    (role, password) -> {
                                                        if (!admits(admits, role, password)) {
                                                            refused.add(
                                                                    client + " at " + server
                                                                            + " as " + role);
                                                        }
                                                    }));
                    ServerRole monitor = cluster.logins().monitor();
                    if (!admits(admits, monitor, cluster.monitor())) {
                        refused.add("the controller at " + server + " as " + monitor);
                    }
                });
        return refused;
    }

    private static boolean admits(InstanceSecrets server, ServerRole role, Secret password) {
        return ScramVerifier.of(password).equals(server.verifiers().get(role));
    }
}
