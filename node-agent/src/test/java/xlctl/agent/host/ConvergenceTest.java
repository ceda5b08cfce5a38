package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestClient.query;
import static xlctl.agent.host.TestHost.node;
import static xlctl.agent.host.TwoHosts.COORDINATOR_HOST;
import static xlctl.agent.host.TwoHosts.DATANODE_HOST;
import static xlctl.agent.host.TwoHosts.coordinator;
import static xlctl.agent.host.TwoHosts.datanode;
import static xlctl.agent.host.TwoHosts.problems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** The catalogs and rules of running servers, made to match the topology. */
class ConvergenceTest {
    private static final String PGXC_NODE = "SELECT * FROM pgxc_node";
    private static final String FOREIGN_SERVERS =
            "SELECT srvname FROM pg_foreign_server ORDER BY srvname";

    @TempDir Path directory;
    private TwoHosts hosts;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new TwoHosts(directory);
    }

    @AfterEach
    void endHosts() {
        hosts.close();
    }

    @Test
    void listsTheNodesAsPostgresXlDoesInEveryDatabaseForEveryRole() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        Node datanode = datanode("data_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        TestClient.execute(coordinator, ServerRole.SUPERUSER, "postgres", "CREATE DATABASE early");
        hosts.datanodes().add(hosts.store(), datanode);
        Node second = coordinator("coord_m_2");
        hosts.coordinators().add(hosts.store(), second);

        assertThat(hosts.coordinators().await(2)).isEqualTo(new Reply.Converged(2));
        assertThat(hosts.datanodes().await(2)).isEqualTo(new Reply.Converged(2));
        TestClient.execute(coordinator, ServerRole.SUPERUSER, "postgres", "CREATE DATABASE late");

        List<String> rows =
                List.of(
                        row("coord_m_1", "C", coordinator, "f|f|767536994"),
                        row("data_m_1", "D", datanode, "f|f|3954295"),
                        row("coord_m_2", "C", second, "f|f|752803535"));
        for (ServerRole role : List.of(ServerRole.SUPERUSER, ServerRole.CLIENT)) {
            for (String database : List.of("postgres", "template1", "early", "late")) {
                try (Connection connection = TestClient.connect(coordinator, role, database);
                        Statement statement = connection.createStatement()) {
                    statement.execute("SET search_path = ''");
                    assertThat(query(connection, PGXC_NODE))
                            .as(role + " in " + database)
                            .isEqualTo(rows);
                }
            }
        }
        assertThat(query(second, ServerRole.SUPERUSER, PGXC_NODE)).isEqualTo(rows);
        assertThat(query(datanode, ServerRole.MONITOR, PGXC_NODE))
                .containsExactly(
                        rows.get(0), row("data_m_1", "D", datanode, "f|t|3954295"), rows.get(2));
        assertThat(
                        query(
                                coordinator,
                                ServerRole.CLIENT,
                                "SELECT string_agg(attname || ' ' || format_type(atttypid, -1), ','"
                                        + " ORDER BY attnum) FROM pg_attribute"
                                        + " WHERE attrelid = 'pgxc_node'::regclass"))
                .containsExactly(
                        "node_name name,node_type \"char\",node_port integer,node_host name,"
                                + "nodeis_primary boolean,nodeis_preferred boolean,node_id integer");
    }

    @Test
    void letsHostsInThatAreRegisteredBeforeTheyHaveAServer() throws Exception {
        hosts.store()
                .change()
                .createHost(
                        new HostRecord(
                                new HostName("192.0.2.7"),
                                HostPort.parse("192.0.2.7:7422"),
                                "ssh-ed25519 AAAA",
                                Instant.EPOCH))
                .commit();
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);

        assertThat(hosts.coordinators().await(0)).isEqualTo(new Reply.Converged(0));

        assertThat(hosts.coordinators().root().resolve("coord_m_1/pg_hba.conf"))
                .content()
                .contains("192.0.2.7/32");
        hosts.store().change().createHost(registered("192.0.2.8", "machine-1")).commit();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                hosts.coordinators()
                                                        .root()
                                                        .resolve("coord_m_1/pg_hba.conf"))
                                        .content()
                                        .contains("192.0.2.8/32"));
    }

    @Test
    void aCoordinatorPrefersTheDatanodeOfItsPlace() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.datanodes().add(hosts.store(), datanode("data_m_1"));
        hosts.coordinators().await(1);
        String preferred = "SELECT node_name FROM pgxc_node WHERE nodeis_preferred";
        assertThat(query(coordinator, ServerRole.CLIENT, preferred)).isEmpty();

        hosts.store()
                .change()
                .createHost(registered(COORDINATOR_HOST, "machine-1"))
                .createHost(registered(DATANODE_HOST, "machine-1"))
                .commit();
        hosts.datanodes().add(hosts.store(), datanode("data_m_2"));
        hosts.coordinators().await(2);

        assertThat(query(coordinator, ServerRole.CLIENT, preferred))
                .containsExactly("data_m_1", "data_m_2");
    }

    @Test
    void aHostWhoseNameHasNoAddressKeepsNobodyFromTheTopology() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.coordinators()
                .commit(
                        hosts.store(),
                        node(NodeKind.DATANODE, "data_gone", "gone.invalid", 5432, "data"));
        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);

        assertThat(hosts.coordinators().await(2)).isEqualTo(new Reply.Converged(2));
        assertThat(hosts.datanodes().await(2)).isEqualTo(new Reply.Converged(2));
        assertThat(query(coordinator, ServerRole.SUPERUSER, FOREIGN_SERVERS))
                .containsExactly("data_gone", "data_m_1");
        assertThat(hosts.coordinators().inspect().problems()).isEmpty();
    }

    @Test
    void leavesTheCatalogOutOfDumps() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.coordinators().await(0);
        Path passwords = directory.resolve("passwords");
        Files.writeString(
                passwords,
                "*:*:*:*:" + TestSecrets.PASSWORDS.get(ServerRole.SUPERUSER).reveal() + "\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Path dump = directory.resolve("dump.sql");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(hosts.coordinators().inspect().engine().home(), "bin/pg_dump")
                                .toString(),
                        "-h" + COORDINATOR_HOST,
                        "-p" + coordinator.instances().get(0).port(),
                        "-Upostgres",
                        "-f" + dump,
                        "postgres");
        builder.environment().put("PGPASSFILE", passwords.toString());
        Process process = builder.inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(dump)).contains("PostgreSQL database dump complete");
        assertThat(Files.readString(dump)).doesNotContain("pgxc_node").doesNotContain("xl_node");
    }

    @Test
    void givesClientsOfACoordinatorAWayToDatanodes() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        Node datanode = datanode("data_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.datanodes().add(hosts.store(), datanode);
        hosts.coordinators().await(1);
        TestClient.execute(
                datanode,
                ServerRole.SUPERUSER,
                "postgres",
                "CREATE TABLE t AS SELECT 42 AS a",
                "GRANT SELECT ON t TO xlctl_internal");
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "postgres",
                "CREATE FOREIGN TABLE t (a int) SERVER data_m_1",
                "GRANT SELECT ON t TO app");

        assertThat(query(coordinator, ServerRole.CLIENT, "SELECT a FROM t")).containsExactly("42");
        TestClient.execute(coordinator, ServerRole.CLIENT, "postgres", "CREATE TABLE mine (a int)");
        assertThatThrownBy(() -> TestClient.connect(datanode, ServerRole.CLIENT, "postgres"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void runsNothingThatUsersMadeUnderTheNamesItUses() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.datanodes().add(hosts.store(), datanode("data_m_1"));
        hosts.coordinators().await(1);
        // It would fit the agent's own query better than the server's function does.
        TestClient.execute(
                coordinator,
                ServerRole.CLIENT,
                "postgres",
                "CREATE FUNCTION public.obj_description(oid, text) RETURNS text LANGUAGE plpgsql"
                        + " AS $$ BEGIN CREATE TABLE public.was_run AS SELECT current_user;"
                        + " RETURN pg_catalog.obj_description($1, $2::name); END $$");

        TestHost.mustBeDone(hosts.coordinators().start(coordinator));

        assertThat(
                        query(
                                coordinator,
                                ServerRole.SUPERUSER,
                                "SELECT to_regclass('public.was_run') IS NULL"))
                .containsExactly("t");
    }

    @Test
    void convergesADatabaseThatIsReadOnlyByDefault() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "postgres",
                "CREATE DATABASE archive",
                "ALTER DATABASE archive SET default_transaction_read_only = on");

        hosts.datanodes().add(hosts.store(), datanode("data_m_1"));

        assertThat(hosts.coordinators().await(1)).isEqualTo(new Reply.Converged(1));
    }

    @Test
    void writesNothingWhereEverythingMatches() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.datanodes().add(hosts.store(), datanode("data_m_1"));
        hosts.coordinators().await(1);
        String writes =
                "SELECT (SELECT string_agg(xmin::text, ',') FROM pg_catalog.xl_node), (SELECT"
                        + " string_agg(xmin::text, ',') FROM pg_foreign_server), (SELECT"
                        + " string_agg(xmin::text, ',') FROM pg_authid),"
                        + " (pg_stat_file('pg_hba.conf')).modification::text";
        List<String> before = query(coordinator, ServerRole.SUPERUSER, writes);

        hosts.coordinators().stopAgent();
        hosts.coordinators().startAgent();
        assertThat(hosts.coordinators().await(1)).isEqualTo(new Reply.Converged(1));

        assertThat(query(coordinator, ServerRole.SUPERUSER, writes)).isEqualTo(before);
    }

    @Test
    void dropsTheServersOfRemovedDatanodesUnlessTheyAreInUse() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        Node free = datanode("data_m_1");
        Node used = datanode("data_m_2");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.datanodes().add(hosts.store(), free, used);
        hosts.coordinators().await(2);
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "postgres",
                "CREATE FOREIGN TABLE t (a int) SERVER data_m_2",
                "CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw");

        int version = TestHost.remove(hosts.store(), free);
        assertThat(hosts.coordinators().await(version)).isEqualTo(new Reply.Converged(version));
        assertThat(query(coordinator, ServerRole.SUPERUSER, FOREIGN_SERVERS))
                .containsExactly("data_m_2", "other");

        TestHost.remove(hosts.store(), used);
        assertThat(hosts.coordinators().await(version + 1))
                .isInstanceOfSatisfying(
                        Reply.Converged.class,
                        converged ->
                                assertThat(converged.leftovers().orElseThrow())
                                        .singleElement()
                                        .asString()
                                        .contains(
                                                "data_m_2 in database postgres",
                                                "had rows of public.t"));
        assertThat(problems(hosts.coordinators())).contains("data_m_2 in database postgres");
        assertThat(hosts.coordinators().inspect().obstacles()).contains(List.of());
        assertThat(hosts.coordinators().inspect().appliedTopology()).isEqualTo(version + 1);
        TestClient.execute(coordinator, ServerRole.SUPERUSER, "postgres", "DROP FOREIGN TABLE t");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                query(
                                                        coordinator,
                                                        ServerRole.SUPERUSER,
                                                        FOREIGN_SERVERS))
                                        .containsExactly("other"));
        await().until(() -> hosts.coordinators().inspect().problems().isEmpty());
    }

    @Test
    void saysWhichVersionIsMissingWhenTheTimeIsOver() throws Exception {
        Reply reply =
                hosts.coordinators().ask(new Request.AwaitConvergence(7, Duration.ofMillis(100)));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().get(0).what())
                                        .contains("version 7", "-1"));
    }

    private static HostRecord registered(String host, String place) {
        return new HostRecord(
                new HostName(host),
                HostPort.parse(host + ":7422"),
                "ssh-ed25519 AAAA",
                Instant.EPOCH,
                Optional.of(place),
                Optional.empty());
    }

    private static String row(String name, String type, Node node, String rest) {
        List<String> values = new ArrayList<>(List.of(name, type));
        values.add(node.instances().get(0).port().toString());
        values.add(node.instances().get(0).host().toString());
        values.add(rest);
        return String.join("|", values);
    }
}
