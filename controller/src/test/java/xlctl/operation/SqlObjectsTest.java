package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.agent.api.RolePower;
import xlctl.command.Command;
import xlctl.command.Targets;
import xlctl.store.OperationHeader;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** Databases and roles, which are on every coordinator and datanode. */
class SqlObjectsTest {
    private static final Command[] CLUSTER = {
        add(NodeKind.GTM, "gtm_1", "h1"),
        add(NodeKind.COORDINATOR, "coord_1", "h1", 5433),
        add(NodeKind.COORDINATOR, "coord_2", "h2"),
        add(NodeKind.DATANODE, "data_1", "h2", 5433)
    };
    private static final Command SHOP =
            new Command.CreateDatabase(Optional.empty(), new SqlName("shop"), Optional.empty());

    private final World world = new World("h1", "h2").with(CLUSTER);
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aDatabaseIsMadeClosedOnEveryNodeBeforeAnyIsOpened() {
        int[] made = new int[1];
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.CreateDatabase) {
                                made[0]++;
                                assertThat(world.agents().host("h1").ddlLockHolders()).hasSize(1);
                            } else if (request instanceof Request.OpenDatabase) {
                                assertThat(made[0]).isEqualTo(3);
                                assertThat(world.agents().host("h1").ddlLockHolders()).hasSize(1);
                            }
                        });

        assertThat(run(SHOP).end()).isEqualTo(Outcome.End.DONE);

        assertThat(world.picture().databases())
                .containsExactly("coord_1.1 shop", "coord_2.1 shop", "data_1.1 shop");
        assertThat(world.agents().requests(Request.CreateDatabase.class))
                .allMatch(create -> create.owner().value().equals("app"));
        assertThat(world.agents().host("h1").ddlLockHolders()).isEmpty();
    }

    @Test
    void aDatabaseThatOneNodeHasAlreadyIsMadeOnNoneAndStaysThere() {
        world.agents().host("h2").withDatabase("data_1", "shop");

        Outcome outcome = run(SHOP);

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString()).contains("data_1.1 shop is there already");
        assertThat(world.picture().databases()).containsExactly("data_1.1 shop");
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void aDatabaseWhoseDdlLockWasLostIsUndone() {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.CreateDatabase) {
                                world.agents().host("h1").loseDdlLocks();
                            }
                        });

        assertThat(run(SHOP).problems().toString()).contains("DDL was not kept out");

        assertThat(world.picture().databases()).isEmpty();
    }

    @Test
    void nodesThatDoNotRunAreNamedAndNothingIsMade() {
        run(new Command.Kill(Targets.named(new NodeName("coord_2"), new NodeName("data_1"))));

        Outcome outcome = run(SHOP);

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "a database is made on every coordinator and datanode, and these do not"
                                + " run: coord_2 data_1 (start coord_2 data_1)");
    }

    @Test
    void theNamedCoordinatorKeepsDdlOut() {
        assertThat(
                        run(new Command.CreateDatabase(
                                        Optional.of(new NodeName("coord_2")),
                                        new SqlName("a b"),
                                        Optional.of(new SqlName("Owner"))))
                                .end())
                .isEqualTo(Outcome.End.DONE);

        List<Request.LockDdl> locks = world.agents().requests(Request.LockDdl.class);
        assertThat(locks.get(locks.size() - 1).instance().node()).hasToString("coord_2");
        List<OperationHeader> kept = world.operations();
        assertThat(kept.get(kept.size() - 1).command())
                .isEqualTo("Createdb - coord_2 'a b' --owner Owner");
    }

    @Test
    void onlyACoordinatorThatIsThereCanBeNamed() {
        assertThat(
                        run(new Command.CreateDatabase(
                                        Optional.of(new NodeName("data_1")),
                                        new SqlName("shop"),
                                        Optional.empty()))
                                .problems())
                .extracting(Object::toString)
                .containsExactly(
                        "data_1 is not a coordinator (the coordinators are coord_1, coord_2)");
    }

    @Test
    void otherEnginesAreLeftToMakeDatabasesThemselves() {
        try (World other = new World(EngineKind.POSTGRES_XL, "h1", "h2").with(CLUSTER)) {
            Outcome outcome =
                    other.controller().run(List.of(SHOP), QUIET, new Cancellation()).get(0);

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems().toString()).contains("by itself", "CREATE DATABASE");
        }
    }

    @Test
    void aRoleIsMadeByOneCoordinatorAndItsPasswordIsInNoJournal() {
        Command.CreateUser create = role("alice");

        Outcome outcome = run(create);

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().requests(Request.CreateRole.class))
                .singleElement()
                .satisfies(
                        request -> {
                            assertThat(request.name()).hasToString("alice");
                            assertThat(request.powers()).containsExactly(RolePower.CREATEDB);
                            assertThat(request.verifier().value()).startsWith("SCRAM-SHA-256$");
                        });
        long number = outcome.operation().orElseThrow();
        assertThat(new String(world.store().plan(number), StandardCharsets.UTF_8))
                .doesNotContain("SCRAM", "hunter2");
        assertThat(create).hasToString("Createuser alice --createdb");
        assertThat(world.store().operation(number).orElseThrow().value().command())
                .isEqualTo("Createuser alice --createdb");
        assertThat(world.store().steps(number).toString()).doesNotContain("SCRAM", "hunter2");
    }

    @Test
    void theSamePasswordHasAnotherVerifierEachTime() {
        run(role("alice"));
        run(role("bob"));

        assertThat(world.agents().requests(Request.CreateRole.class))
                .extracting(request -> request.verifier().value())
                .doesNotHaveDuplicates();
    }

    @Test
    void aRoleWhoseMakingWasBrokenOffCannotBeGoneOnWithAndStandsInNobodysWay() {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.CreateRole) {
                                throw new CrashPoint.Crash(1);
                            }
                        });
        assertThatThrownBy(
                        () ->
                                world.controller("first")
                                        .run(List.of(role("alice")), QUIET, new Cancellation()))
                .isInstanceOf(CrashPoint.Crash.class);
        world.agents().onRequest(request -> {});

        Outcome outcome =
                controller.resume(
                        world.openOperations().get(0).number(), QUIET, new Cancellation());

        assertThat(outcome.problems().toString()).contains("kept nowhere");
        assertThat(world.openOperations()).isEmpty();
        assertThat(run(role("alice")).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void rolesThatXlctlKeepsAreRefused() {
        assertThat(run(role("xlctl_internal")).problems().toString())
                .contains("is one that xlctl keeps itself");
    }

    private static Command.CreateUser role(String name) {
        return new Command.CreateUser(
                Optional.empty(),
                new SqlName(name),
                Set.of(RolePower.CREATEDB),
                new Secret("hunter2"));
    }

    private Outcome run(Command command) {
        return controller.run(List.of(command), QUIET, new Cancellation()).get(0);
    }
}
