package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** DDL whose coordinator died between its steps, as agents find it on their servers. */
class LeftoverDdlTest extends StockClusterScenario {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PREPARED = "SELECT gid FROM pg_prepared_xacts ORDER BY gid";
    private static final String SCHEMAS =
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'left%'";

    @Test
    void whatWasDecidedIsDoneOnEveryNodeWhoeverDiedMeanwhile() throws Exception {
        for (String decision : List.of("true", "false")) {
            String number = record(decision);
            for (Node node : List.of(coordinator, datanode)) {
                prepare(node, number);
            }
            for (Node node : List.of(coordinator, datanode)) {
                await().atMost(SOON).until(() -> ask(node, PREPARED).isEmpty());
                assertThat(ask(node, SCHEMAS)).containsExactly("left1");
            }
        }
    }

    @Test
    void whatIsUndecidedWaitsForWhoeverDoesIt() throws Exception {
        TestHost.mustBeDone(
                first.ask(new Request.LockDdl(first.key(), TestHost.name(coordinator), LONG)));
        String number = record("null");
        prepare(datanode, number);

        await().during(Duration.ofSeconds(3))
                .atMost(SOON)
                .until(() -> ask(datanode, PREPARED).equals(List.of("xl_ddl_" + number)));
        assertThat(first.inspect().problems()).isEmpty();

        TestHost.mustBeDone(
                first.ask(new Request.UnlockDdl(first.key(), TestHost.name(coordinator))));
        await().atMost(SOON).until(() -> ask(datanode, PREPARED).isEmpty());
        assertThat(ask(datanode, SCHEMAS)).isEmpty();
        assertThat(ask(gtm, "SELECT committed FROM xl.ddl WHERE id = " + number))
                .containsExactly("f");
    }

    @Test
    void whatHasNoRecordStaysAndIsReportedUntilSomeoneEndsIt() throws Exception {
        prepare(datanode, "4711");

        await().atMost(SOON)
                .until(
                        () ->
                                problems(first)
                                        .matches(
                                                "(?s).*data_m_1.1: DDL that is prepared in database"
                                                        + " postgres.*no record.*xl_ddl_4711.*"));
        assertThat(ask(datanode, PREPARED)).containsExactly("xl_ddl_4711");
        execute(datanode, ServerRole.SUPERUSER, "ROLLBACK PREPARED 'xl_ddl_4711'");
        await().atMost(SOON).until(() -> first.inspect().problems().isEmpty());
    }

    @Test
    void transactionsOfUsersAreLeftAlone() throws Exception {
        execute(
                datanode,
                ServerRole.SUPERUSER,
                "BEGIN",
                "CREATE SCHEMA left1",
                "PREPARE TRANSACTION 'mine'");
        String number = record("true");
        prepare(datanode, number, "left2");

        await().atMost(SOON).until(() -> ask(datanode, SCHEMAS).equals(List.of("left2")));
        assertThat(ask(datanode, PREPARED)).containsExactly("mine");
        execute(datanode, ServerRole.SUPERUSER, "ROLLBACK PREPARED 'mine'");
    }

    @Test
    void itIsDoneInEveryDatabaseWithoutZooKeeperAndWhenTheGtmIsBack() throws Exception {
        execute(datanode, ServerRole.SUPERUSER, "CREATE DATABASE shop");
        TestHost.mustBeDone(first.start(datanode));
        String number = record("true");
        storeIsDown = true;
        first.stopAgent();
        TestClient.execute(
                datanode,
                ServerRole.SUPERUSER,
                "shop",
                "BEGIN",
                "CREATE SCHEMA left1",
                "PREPARE TRANSACTION 'xl_ddl_" + number + "'");
        TestHost.killAllIn(first.root().resolve(gtm.name().value()));
        first.startAgent();

        await().atMost(SOON).until(() -> problems(first).contains("DDL that is prepared"));
        storeIsDown = false;

        await().atMost(LONG).until(() -> ask(datanode, PREPARED).isEmpty());
        await().atMost(SOON).until(() -> first.inspect().problems().isEmpty());
    }

    @Test
    void aGtmThatDoesNotAnswerKeepsNobodyFromBringingServersBack() throws Exception {
        String number = record("true");
        List<ProcessHandle> silent = TestHost.serversIn(first.root().resolve(gtm.name().value()));
        TestHost.signal("STOP", silent);
        try {
            for (Node node : List.of(coordinator, datanode)) {
                prepare(node, number);
            }
            await().atMost(SOON).until(() -> problems(first).contains("DDL that is prepared"));

            TestHost.killAllIn(first.root().resolve(datanode.name().value()));

            await().atMost(SOON)
                    .until(() -> first.report(datanode).state() == InstanceReport.State.UP);
        } finally {
            TestHost.signal("CONT", silent);
        }
        for (Node node : List.of(coordinator, datanode)) {
            await().atMost(LONG).until(() -> ask(node, PREPARED).isEmpty());
            assertThat(ask(node, SCHEMAS)).containsExactly("left" + number);
        }
    }

    /** At the GTM, as the coordinator does. */
    private String record(String committed) throws SQLException {
        return ask(
                        gtm,
                        "INSERT INTO xl.ddl (database, coordinator, role, statement, committed)"
                                + " VALUES ('postgres', 'coord_m_1', 'app', 'CREATE SCHEMA left1', "
                                + committed
                                + ") RETURNING id")
                .get(0);
    }

    private static void prepare(Node node, String number) throws SQLException {
        prepare(node, number, "left" + number);
    }

    private static void prepare(Node node, String number, String schema) throws SQLException {
        execute(
                node,
                ServerRole.SUPERUSER,
                node.kind() == NodeKind.COORDINATOR ? "SET xl.allow_local = on" : "SELECT 1",
                "BEGIN",
                "CREATE SCHEMA " + schema,
                "PREPARE TRANSACTION 'xl_ddl_" + number + "'");
    }
}
