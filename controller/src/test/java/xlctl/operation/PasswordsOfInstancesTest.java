package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.OperationHeader;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** Which passwords the agents are given with their instances. */
class PasswordsOfInstancesTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private final World world = new World("h1", "h2", "h3");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void passwordsThatAreGoneAreNotReplacedBesideServersThatHaveThem() {
        world.with(GTM);
        World other = new World("h1", "h2");
        other.store().change().createTopology(world.store().topology().get().value()).commit();

        Outcome outcome =
                other.controller().run(List.of(COORDINATOR), QUIET, new Cancellation()).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("its passwords are gone from ZooKeeper");
        assertThat(other.store().secrets()).isEmpty();
        assertThat(other.agents().requests(Request.Prepare.class)).isEmpty();
        other.close();
    }

    @Test
    void allButTheGtmGetTheInternalPasswordAndTheClientsVerifier() {
        world.with(GTM, COORDINATOR, DATANODE);

        for (Request.Prepare prepare : world.agents().requests(Request.Prepare.class)) {
            boolean node = prepare.spec().kind().inCatalog();
            assertThat(prepare.secrets().outgoing().containsKey(ServerRole.INTERNAL))
                    .isEqualTo(node);
            assertThat(prepare.secrets().verifiers().containsKey(ServerRole.CLIENT))
                    .isEqualTo(node);
            assertThat(prepare.secrets().verifiers())
                    .containsKeys(ServerRole.SUPERUSER, ServerRole.INTERNAL, ServerRole.MONITOR);
        }
    }

    @Test
    void nodesOfPostgresXlGetThePasswordsAsWhichTheyReachEachOther() {
        World xl = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3");
        xl.with(GTM, COORDINATOR, DATANODE);

        for (Request.Prepare prepare : xl.agents().requests(Request.Prepare.class)) {
            Set<ServerRole> roles = prepare.secrets().outgoing().keySet();
            if (prepare.spec().kind().inCatalog()) {
                assertThat(roles)
                        .containsExactlyInAnyOrder(
                                ServerRole.SUPERUSER, ServerRole.MONITOR, ServerRole.CLIENT);
                assertThat(prepare.secrets().verifiers().get(ServerRole.CLIENT).value())
                        .startsWith("md5");
            } else {
                assertThat(roles).isEmpty();
                assertThat(prepare.secrets().verifiers()).isEmpty();
            }
        }
        xl.close();
    }

    @Test
    void noSecretIsInTheJournal() {
        world.with(GTM, COORDINATOR);
        String secret = world.store().secrets().get().value().internal().reveal();

        for (OperationHeader operation : world.operations()) {
            String plan =
                    new String(world.store().plan(operation.number()), StandardCharsets.UTF_8);
            assertThat(plan).contains("prepare").doesNotContain(secret);
            assertThat(plan).doesNotContain("SCRAM-SHA-256");
            assertThat(world.store().steps(operation.number()).toString()).doesNotContain(secret);
        }
    }
}
