package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.mustBeDone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** What all nodes of a stock cluster share, and how one that comes later gets it. */
class StockDefinitionsTest extends StockClusterScenario {
    private static final String SCHEMA =
            "SELECT xl.version() > 0, obj_description('xl'::regnamespace, 'pg_namespace')";

    @Test
    void everyNodeHasTheFunctionsOfItsKindAndAWayToTheGtm() throws Exception {
        for (Node node : List.of(gtm, coordinator, datanode)) {
            assertThat(ask(node, SCHEMA)).singleElement().asString().startsWith("t|xlctl's, for a");
        }
        for (Node node : List.of(coordinator, datanode)) {
            assertThat(
                            ask(
                                    node,
                                    "SELECT option_value FROM pg_foreign_server,"
                                            + " pg_options_to_table(srvoptions)"
                                            + " WHERE srvname = 'xl_gtm'"
                                            + " AND option_name = 'port'"))
                    .containsExactly(gtm.instances().get(0).port().toString());
            assertThat(ask(node, "SELECT count(*) FROM xl.sequence_numbers")).containsExactly("0");
        }
        execute(coordinator, ServerRole.SUPERUSER, "CREATE DATABASE shop");
        mustBeDone(first.start(coordinator));
        try (Connection shop = TestClient.connect(coordinator, ServerRole.SUPERUSER, "shop")) {
            assertThat(TestClient.query(shop, SCHEMA)).hasSize(1);
        }
    }

    @Test
    void installsTheFunctionsAnewOnlyWhenTheyAreNotTheOnesItHas() throws Exception {
        String comment = ask(coordinator, SCHEMA).get(0).substring(2);
        String made = "SELECT xmin FROM pg_proc WHERE oid = 'xl.version'::regproc";
        List<String> before = ask(coordinator, made);

        mustBeDone(first.start(coordinator));
        assertThat(ask(coordinator, made)).isEqualTo(before);

        comment("version [0-9]+", "version 999");
        mustBeDone(first.start(coordinator));
        assertThat(ask(coordinator, made)).isEqualTo(before);

        comment("version [0-9]+", "version 0");
        mustBeDone(first.start(coordinator));
        List<String> upgraded = ask(coordinator, made);
        assertThat(upgraded).isNotEqualTo(before);
        assertThat(ask(coordinator, SCHEMA).get(0).substring(2)).isEqualTo(comment);

        comment("[0-9a-f]{8}$", "01234567");
        mustBeDone(first.start(coordinator));
        assertThat(ask(coordinator, made)).isNotEqualTo(upgraded);
        assertThat(ask(coordinator, SCHEMA).get(0).substring(2)).isEqualTo(comment);
    }

    /** As if another script had made the schema. */
    private void comment(String pattern, String replacement) throws SQLException {
        String comment = ask(coordinator, SCHEMA).get(0).substring(2);
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "SET xl.allow_local = on",
                "COMMENT ON SCHEMA xl IS '"
                        + comment.replaceAll(pattern, replacement).replace("'", "''")
                        + "'");
    }

    @Test
    void saysWhatToDoWhereTheNamesItNeedsAreTaken() throws Exception {
        execute(coordinator, ServerRole.SUPERUSER, "CREATE DATABASE shop", "CREATE DATABASE bank");
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "shop",
                "SET xl.allow_local = on",
                "DROP SCHEMA IF EXISTS xl CASCADE",
                "CREATE SCHEMA xl");
        execute(coordinator, ServerRole.SUPERUSER, "CREATE DATABASE mine");
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "mine",
                "SET xl.allow_local = on",
                "DROP SCHEMA IF EXISTS xl, xl_parts CASCADE",
                "CREATE SCHEMA xl_parts AUTHORIZATION app");
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "bank",
                "SET xl.allow_local = on",
                "DROP SCHEMA IF EXISTS xl CASCADE",
                "CREATE EXTENSION dblink WITH SCHEMA public");

        Reply reply = first.start(coordinator);

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().toString())
                                        .contains(
                                                "in database shop",
                                                "ALTER SCHEMA xl RENAME TO",
                                                "in database mine",
                                                "ALTER SCHEMA xl_parts RENAME TO",
                                                "in database bank",
                                                "ALTER EXTENSION dblink SET SCHEMA xl"));
    }

    @Test
    void theInternalRoleSeesAllOnNodesAndWritesOnDatanodesWithoutTriggers() throws Exception {
        String may =
                "SELECT pg_has_role('xlctl_internal', 'pg_read_all_data', 'MEMBER'),"
                        + " pg_has_role('xlctl_internal', 'pg_write_all_data', 'MEMBER'),"
                        + " rolbypassrls, rolconfig FROM pg_roles WHERE rolname = 'xlctl_internal'";
        assertThat(ask(datanode, may)).containsExactly("t|t|t|{session_replication_role=replica}");
        assertThat(ask(coordinator, may)).containsExactly("f|f|f|null");
        assertThat(
                        ask(
                                datanode,
                                "SELECT has_schema_privilege('app', 'public', 'CREATE'),"
                                        + " has_database_privilege('app', 'postgres', 'CREATE')"))
                .containsExactly("t|t");
        assertThatThrownBy(() -> TestClient.connect(datanode, ServerRole.CLIENT, "postgres"))
                .isInstanceOf(SQLException.class);
        assertThat(ask(coordinator, "SHOW jit")).containsExactly("off");
        assertThat(ask(datanode, "SHOW max_locks_per_transaction")).containsExactly("256");
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "CREATE DATABASE closed",
                "REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
        mustBeDone(first.start(coordinator));
        TestClient.connect(coordinator, ServerRole.INTERNAL, "closed").close();
    }

    @Test
    void repairsForeignServersAndTheirMappings() throws Exception {
        String mappings =
                "SELECT srvname, umoptions FROM pg_user_mappings WHERE umuser = 0 ORDER BY 1";
        List<String> before = ask(coordinator, mappings);
        assertThat(before).hasSize(2);
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "SET xl.allow_local = on",
                "DROP USER MAPPING FOR PUBLIC SERVER xl_gtm",
                "DROP USER MAPPING FOR PUBLIC SERVER data_m_1",
                "CREATE USER MAPPING FOR PUBLIC SERVER data_m_1",
                "ALTER SERVER data_m_1 OPTIONS (DROP fetch_size, SET port '1')");

        mustBeDone(first.start(coordinator));

        assertThat(ask(coordinator, mappings)).isEqualTo(before);
        assertThat(
                        ask(
                                coordinator,
                                "SELECT array_to_string(srvoptions, ',') FROM pg_foreign_server"
                                        + " WHERE srvname = 'data_m_1'"))
                .singleElement()
                .asString()
                .contains(
                        "port=" + datanode.instances().get(0).port(),
                        "fetch_size=1000",
                        "batch_size=1000",
                        "async_capable=true",
                        "options=-c lock_timeout=10s");
    }

    @Test
    void nodesThatComeLaterHaveEverythingAndTakePartInIt() throws Exception {
        execute(
                coordinator,
                ServerRole.CLIENT,
                "CALL xl.create_table('CREATE TABLE orders (id int PRIMARY KEY, what text)',"
                        + " distribute_by => 'hash(id)', partitions => 4)",
                "CALL xl.create_table('CREATE TABLE kinds (kind text)',"
                        + " distribute_by => 'replication')",
                "INSERT INTO orders SELECT n, 'x' FROM generate_series(1, 100) n",
                "INSERT INTO kinds VALUES ('a'), ('b')");
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "CALL xl.ddl('CREATE ROLE \"Alice; --\" LOGIN')",
                "CALL xl.ddl('CREATE SEQUENCE s')",
                "CALL xl.ddl('CREATE VIEW many AS SELECT count(*) FROM orders')",
                "CALL xl.ddl('GRANT SELECT ON many TO \"Alice; --\"')");
        String shop = "CREATE DATABASE \"Shop's 1\" OWNER \"Alice; --\" CONNECTION LIMIT 7";
        for (Node node : List.of(coordinator, datanode)) {
            execute(
                    node,
                    ServerRole.SUPERUSER,
                    shop,
                    "ALTER DATABASE \"Shop's 1\" SET default_transaction_read_only = on");
            mustBeDone(first.start(node));
        }
        Node other = another(NodeKind.COORDINATOR, "coord_m_2");
        Node later = another(NodeKind.DATANODE, "data_m_2");

        addWithDefinitions(other, coordinator, 3);
        addWithDefinitions(later, datanode, 4);

        assertThat(ask(other, "SELECT * FROM many")).containsExactly("100");
        assertThat(ask(other, "SELECT count(*) FROM kinds")).containsExactly("2");
        for (Node node : List.of(other, later)) {
            assertThat(
                            ask(
                                    node,
                                    "SELECT d.datconnlimit, r.rolname, r.rolcanlogin FROM pg_database d"
                                            + " JOIN pg_roles r ON r.oid = d.datdba"
                                            + " WHERE datname = 'Shop''s 1'"))
                    .containsExactly("7|Alice; --|t");
            assertThatThrownBy(() -> ask(node, "SELECT nextval('s')"))
                    .isInstanceOf(SQLException.class);
            assertThat(ask(node, "SELECT has_table_privilege('Alice; --', 'many', 'SELECT')"))
                    .containsExactly("t");
            try (Connection other1 =
                    TestClient.connect(
                            node, ServerRole.SUPERUSER, "Shop's 1".replace(" ", "%20"))) {
                assertThat(TestClient.query(other1, "SHOW default_transaction_read_only"))
                        .containsExactly("on");
                assertThat(TestClient.query(other1, "SELECT count(*) FROM pgxc_node"))
                        .containsExactly("4");
            }
        }
        execute(other, ServerRole.CLIENT, "INSERT INTO orders VALUES (101, 'y')");
        assertThat(ask(coordinator, "SELECT count(*) FROM orders")).containsExactly("101");
        execute(
                other,
                ServerRole.CLIENT,
                "CALL xl.ddl('CREATE INDEX ON orders (what)')",
                "CALL xl.create_table('CREATE TABLE afterwards (id int)',"
                        + " distribute_by => 'hash(id)', partitions => 4)",
                "INSERT INTO afterwards SELECT n FROM generate_series(1, 50) n");
        assertThat(ask(coordinator, "SELECT count(*) FROM afterwards")).containsExactly("50");
        assertThat(tables(first, coordinator)).isEmpty();
        assertThat(tables(second, other)).isEmpty();
        assertThat(tables(first, datanode))
                .containsExactly(
                        "postgres.public.afterwards",
                        "postgres.public.kinds",
                        "postgres.public.orders");
        assertThat(tables(second, later)).containsExactly("postgres.public.afterwards");
    }

    @Test
    void nodesThatComeLaterHaveMembershipsAsTheyWereGranted() throws Exception {
        String memberships =
                "SELECT roleid::regrole, member::regrole::text, admin_option,"
                        + " to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option',"
                        + " CASE WHEN to_jsonb(m) ? 'set_option' THEN grantor::regrole::text END"
                        + " FROM pg_auth_members m WHERE roleid = 'team'::regrole ORDER BY 2, 6";
        boolean ofGrantors =
                Integer.parseInt(ask(coordinator, "SHOW server_version_num").get(0)) >= 160_000;
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "CALL xl.ddl('CREATE ROLE team')",
                "CALL xl.ddl('CREATE ROLE zoe')",
                "CALL xl.ddl('CREATE ROLE bob NOINHERIT')",
                "CALL xl.ddl('CREATE ROLE al')",
                "CALL xl.ddl('GRANT team TO zoe WITH ADMIN OPTION')",
                "CALL xl.ddl('GRANT team TO bob WITH ADMIN OPTION GRANTED BY zoe')",
                "CALL xl.ddl('GRANT team TO al GRANTED BY bob')",
                ofGrantors
                        ? "CALL xl.ddl('GRANT team TO al WITH INHERIT FALSE, SET FALSE GRANTED BY zoe')"
                        // What older ones let grantors grant to each other is no end of its own.
                        : "CALL xl.ddl('GRANT team TO postgres WITH ADMIN OPTION')");
        Node other = another(NodeKind.COORDINATOR, "coord_m_2");

        addWithDefinitions(other, coordinator, 3);

        assertThat(ask(coordinator, memberships)).hasSize(4);
        assertThat(ask(other, memberships)).isEqualTo(ask(coordinator, memberships));
        execute(
                other,
                ServerRole.SUPERUSER,
                "CALL xl.ddl('REVOKE team FROM bob GRANTED BY zoe CASCADE')",
                "CALL xl.ddl('REVOKE team FROM al')");
        assertThat(ask(other, memberships)).isEqualTo(ask(coordinator, memberships));
    }

    @Test
    void takesNothingWhereNothingOfUsersIs() throws Exception {
        Node other = another(NodeKind.COORDINATOR, "coord_m_2");
        Node later = another(NodeKind.DATANODE, "data_m_2");
        Node fromCoordinator = another(NodeKind.DATANODE, "data_m_3");
        for (Node node : List.of(other, later, fromCoordinator)) {
            mustBeDone(second.prepare(store, node));
            List<String> progress = new ArrayList<>();
            Node source = node.equals(later) ? datanode : coordinator;
            mustBeDone(
                    second.ask(
                            new Request.CopyDefinitions(
                                    second.key(),
                                    TestHost.name(node),
                                    source.instances().get(0).address()),
                            progress::add));
            assertThat(progress).noneMatch(line -> line.contains("loading"));
        }
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "SET xl.allow_local = on",
                "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        List<String> progress = new ArrayList<>();
        mustBeDone(
                second.ask(
                        new Request.CopyDefinitions(
                                second.key(),
                                TestHost.name(other),
                                coordinator.instances().get(0).address()),
                        progress::add));
        assertThat(progress).anyMatch(line -> line.contains("loading"));
    }

    @Test
    void aCopyHasWhatWasDecidedBeforeAlthoughItsSourceHasYetToDoIt() throws Exception {
        Node later = another(NodeKind.DATANODE, "data_m_2");
        mustBeDone(second.prepare(store, later));
        first.stopAgent();
        String number =
                ask(
                                gtm,
                                "INSERT INTO xl.ddl (database, coordinator, role, statement, committed)"
                                        + " VALUES ('postgres', 'coord_m_1', 'app', 'CREATE SCHEMA s',"
                                        + " true) RETURNING id")
                        .get(0);
        execute(
                datanode,
                ServerRole.SUPERUSER,
                "BEGIN",
                "CREATE SCHEMA s",
                "PREPARE TRANSACTION 'xl_ddl_" + number + "'");
        CompletableFuture<Reply> copy =
                CompletableFuture.supplyAsync(() -> copyDefinitions(later, datanode));
        await().atMost(LONG)
                .until(
                        () ->
                                ask(
                                                        datanode,
                                                        "SELECT 1 FROM pg_stat_activity WHERE state = 'active'"
                                                                + " AND usename = 'xlctl_ddl'")
                                                .size()
                                        > 0);

        first.startAgent();

        mustBeDone(copy.get(60, TimeUnit.SECONDS));
        mustBeDone(second.start(later));
        assertThat(ask(later, "SELECT count(*) FROM pg_namespace WHERE nspname = 's'"))
                .containsExactly("1");
    }

    @Test
    void aCopyThatFailedBeginsAnewAndLeavesNoSecret() throws Exception {
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "CALL xl.ddl('CREATE ROLE alice LOGIN PASSWORD ''x''')");
        execute(
                coordinator,
                ServerRole.SUPERUSER,
                "SET xl.allow_local = on",
                "CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
                "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
                "CREATE TABLE t (a int)",
                "CREATE INDEX ON t (f(a))",
                // It finds g by a search path that whoever makes the index anew has not.
                "CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE"
                        + " AS 'SELECT g($1)'");
        Node other = another(NodeKind.COORDINATOR, "coord_m_2");
        mustBeDone(second.prepare(store, other));
        assertThat(copyDefinitions(other, coordinator)).isInstanceOf(Reply.Failed.class);
        assertNoSecretsLeft();

        execute(coordinator, ServerRole.SUPERUSER, "SET xl.allow_local = on", "DROP TABLE t");
        mustBeDone(copyDefinitions(other, coordinator));
        assertNoSecretsLeft();

        mustBeDone(second.start(other));
        assertThat(ask(other, "SELECT count(*) FROM pg_roles WHERE rolname = 'alice'"))
                .containsExactly("1");
    }

    /** The shell that asked first was killed before it heard that all was done. */
    @Test
    void aCopyThatIsAskedForAgainHasWhatCameMeanwhile() throws Exception {
        execute(coordinator, ServerRole.SUPERUSER, "CALL xl.ddl('CREATE SCHEMA before')");
        Node other = another(NodeKind.COORDINATOR, "coord_m_2");
        mustBeDone(second.prepare(store, other));
        mustBeDone(copyDefinitions(other, coordinator));
        execute(coordinator, ServerRole.SUPERUSER, "CALL xl.ddl('CREATE SCHEMA after')");

        mustBeDone(copyDefinitions(other, coordinator));

        mustBeDone(second.start(other));
        assertThat(
                        ask(
                                other,
                                "SELECT nspname FROM pg_namespace WHERE nspname IN ('before', 'after')"
                                        + " ORDER BY 1"))
                .containsExactly("after", "before");
    }

    @Test
    void whileDdlIsKeptOutRowsAreWrittenAndNothingIsDefined() throws Exception {
        execute(
                coordinator,
                ServerRole.CLIENT,
                "CALL xl.create_table('CREATE TABLE orders (id int)',"
                        + " distribute_by => 'hash(id)', partitions => 4)");
        mustBeDone(first.ask(new Request.LockDdl(first.key(), TestHost.name(coordinator), LONG)));

        execute(coordinator, ServerRole.CLIENT, "INSERT INTO orders VALUES (1)");
        assertThatThrownBy(
                        () ->
                                execute(
                                        coordinator,
                                        ServerRole.CLIENT,
                                        "SET xl.lock_timeout = '200ms'",
                                        "CALL xl.ddl('CREATE SCHEMA tried')"))
                .hasMessageContaining("an operation of xlctl at coord_m_1");
        mustBeDone(first.ask(new Request.CheckDdlLock(TestHost.name(coordinator), 1)));
        assertThat(first.ask(new Request.LockDdl(first.key(), TestHost.name(datanode), LONG)))
                .isInstanceOf(Reply.Failed.class);
        mustBeDone(first.ask(new Request.UnlockDdl(first.key(), TestHost.name(coordinator))));

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                execute(
                                        coordinator,
                                        ServerRole.CLIENT,
                                        "CALL xl.ddl('CREATE SCHEMA tried')"));
    }

    @Test
    void aDdlLockIsLostWithTheGtmsSession() throws Exception {
        mustBeDone(first.ask(new Request.LockDdl(first.key(), TestHost.name(coordinator), LONG)));

        execute(
                gtm,
                ServerRole.SUPERUSER,
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                        + " WHERE locktype = 'advisory' AND granted");

        assertThat(first.ask(new Request.CheckDdlLock(TestHost.name(coordinator), 1)))
                .isInstanceOf(Reply.Failed.class);
    }

    private static List<String> tables(TestHost host, Node node) {
        return ((Reply.UserTables) host.ask(new Request.ListUserTables(TestHost.name(node))))
                .tables();
    }

    private void assertNoSecretsLeft() throws Exception {
        Path state = second.config().stateDirectory();
        try (Stream<Path> files = Files.walk(state)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.equals("definitions.sql"))
                    .noneMatch(name -> name.equals("definitions.pgpass"));
        }
    }
}
