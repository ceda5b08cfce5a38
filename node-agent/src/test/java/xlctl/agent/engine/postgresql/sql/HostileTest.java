package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A user who means harm gains no rights, and changes nothing but what is the user's own. The
 * function {@code reached} is the user's: wherever it runs as somebody else it would be that one's
 * hand.
 */
@ExtendWith(SharedSqlCluster.class)
class HostileTest {
    private static final String BECOME_SUPERUSER = "ALTER ROLE app SUPERUSER";

    private final SqlCluster cluster;
    private Map<String, List<String>> before;

    HostileTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    /** Fails wherever it runs as another than its owner or, for rows on datanodes, their role. */
    @BeforeAll
    static void makeFunction(SqlCluster cluster) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.ddl(
                    "CREATE OR REPLACE FUNCTION reached(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$"
                            + " BEGIN IF current_user NOT IN ('app', 'xlctl_internal') THEN"
                            + " RAISE EXCEPTION 'reached as %', current_user; END IF; RETURN n; END $$",
                    "CREATE OR REPLACE FUNCTION reached_trigger() RETURNS trigger LANGUAGE plpgsql AS $$"
                            + " BEGIN IF current_user <> 'app' THEN"
                            + " RAISE EXCEPTION 'reached as %', current_user; END IF;"
                            + " SET CONSTRAINTS ALL DEFERRED;"
                            + " IF new.id < 9 THEN INSERT INTO deferring VALUES (new.id + 1); END IF;"
                            + " RETURN new; END $$");
        }
    }

    @BeforeEach
    void look() throws SQLException {
        before = Definitions.ofEachNode(cluster);
    }

    @AfterEach
    void nobodyGainedRights() throws SQLException {
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
        assertThat(Definitions.leftovers(cluster)).isEmpty();
        for (String node : SqlCluster.NODES) {
            assertThat(
                            cluster.kept(node)
                                    .rows(
                                            "SELECT rolname FROM pg_roles WHERE rolsuper OR pg_has_role('app', oid, 'MEMBER') ORDER BY 1"))
                    .as(node)
                    .containsExactly("app", "postgres");
        }
    }

    @Test
    void aStatementBecomesNobodyElse() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Session session = cluster.app("coord_1")) {
            for (String text :
                    List.of(
                            BECOME_SUPERUSER,
                            "SELECT 1; " + BECOME_SUPERUSER,
                            "RESET ROLE",
                            "SET ROLE postgres",
                            "SET LOCAL SESSION AUTHORIZATION postgres",
                            "RESET SESSION AUTHORIZATION",
                            "DO $$ BEGIN PERFORM set_config('role', 'postgres', false); END $$",
                            "DO $$ BEGIN PERFORM set_config('xl.applying', 'self', false); EXECUTE '"
                                    + BECOME_SUPERUSER
                                    + "'; END $$",
                            "COMMIT",
                            "PREPARE TRANSACTION 'mine'",
                            "CREATE ROLE mine",
                            "CREATE EXTENSION file_fdw",
                            "CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw",
                            "CREATE FOREIGN TABLE mine (id int) SERVER data_1",
                            "CREATE USER MAPPING FOR app SERVER data_1",
                            "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION xl.guard_ddl()",
                            "ALTER EVENT TRIGGER xl_guard DISABLE",
                            "ALTER SYSTEM SET log_statement = 'all'",
                            "CREATE OR REPLACE FUNCTION xl.version() RETURNS int LANGUAGE sql AS 'SELECT 2'",
                            "ALTER FUNCTION xl.version() OWNER TO app",
                            "DROP FUNCTION xl.version()",
                            "DROP SCHEMA xl CASCADE",
                            "CREATE TABLE xl.mine (id int)",
                            "GRANT EXECUTE ON FUNCTION xl.apply TO app",
                            "GRANT xlctl_ddl TO app",
                            "COPY (SELECT 1) TO PROGRAM 'true'",
                            "SELECT pg_read_file('postgresql.conf')",
                            "SELECT xl.apply(1, xl.membership(), 'postgres', '', '"
                                    + BECOME_SUPERUSER
                                    + "', NULL)",
                            "'; " + BECOME_SUPERUSER + "; --",
                            "$xl$; " + BECOME_SUPERUSER + "; --")) {
                all.assertThatCode(() -> session.ddlRefusal(text))
                        .as(text)
                        .doesNotThrowAnyException();
            }
        }
        all.assertAll();
    }

    @Test
    void whatIsForXlctlCannotBeCalled() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session session = cluster.app(coordinator)) {
                for (String text :
                        List.of(
                                "SELECT xl.apply(1, '', 'postgres', '', '"
                                        + BECOME_SUPERUSER
                                        + "', NULL)",
                                "SELECT xl.run_as('postgres', '', '" + BECOME_SUPERUSER + "')",
                                "SELECT xl.become('postgres', '', 'int', 'SELECT 1')",
                                "SELECT xl.query_as('postgres', '', 'SELECT 1')",
                                "SELECT xl.dblink('host=127.0.9.1', 'SELECT 1')",
                                "SELECT xl.connect_gtm('xl_gtm')",
                                "SELECT xl.role_statements()",
                                "SELECT xl.leftovers()",
                                "SELECT xl.lock_ddl('me', '1s')",
                                "SELECT xl.taken(1)",
                                "INSERT INTO xl.request (role, statement) VALUES ('postgres', 'x')",
                                "UPDATE xl.request SET role = 'postgres'",
                                "SELECT * FROM xl.request",
                                "INSERT INTO xl.noted (command) VALUES ('x')",
                                "SELECT * FROM xl.block",
                                "SELECT xl.execute_direct('data_1', 'SELECT rolpassword FROM pg_authid')",
                                "SELECT xl.execute_direct('data_1', 'SET ROLE postgres')",
                                "SELECT xl.execute_direct('data_1', 'COMMIT')",
                                "SELECT xl.execute_direct('data_1; DROP', 'SELECT 1')")) {
                    all.assertThatCode(() -> session.refusal(text))
                            .as(text)
                            .doesNotThrowAnyException();
                }
            }
        }
        all.assertAll();
    }

    /** Datanodes would run them as the role that reads and writes everybody's rows. */
    @Test
    void functionsOfUsersDoNotRunOnDatanodes() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Session session = cluster.app("coord_1")) {
            for (String column :
                    List.of(
                            "c int CHECK (c > reached(2))",
                            "c int CHECK (query_to_xml('SELECT 1', true, true, '') IS NOT NULL)",
                            "c int CHECK (c > random())",
                            "c int GENERATED ALWAYS AS (id + reached(3)) STORED")) {
                for (String distribution : List.of("hash(id)", "replication")) {
                    all.assertThat(
                                    session.refusal(
                                                    s ->
                                                            s.createTable(
                                                                    "CREATE TABLE evaluated (id int PRIMARY KEY, "
                                                                            + column
                                                                            + ")",
                                                                    distribution))
                                            .message())
                            .as(column)
                            .contains("would run on datanodes");
                }
            }
            session.createTable(
                    "CREATE TABLE evaluated (id int PRIMARY KEY, d int DEFAULT reached(1),"
                            + " t text CHECK (lower(t) <> upper(t)), w timestamptz CHECK (w < now()),"
                            + " g int GENERATED ALWAYS AS (id * 2) STORED)",
                    "hash(id)");
            session.ddl("ALTER TABLE evaluated ADD COLUMN n int DEFAULT reached(6)");
            for (String text :
                    List.of(
                            "CREATE INDEX ON evaluated ((id + reached(4)))",
                            "CREATE INDEX ON evaluated (id) WHERE id > reached(5)",
                            "ALTER TABLE evaluated ADD CHECK (reached(id) > 0)",
                            "ALTER TABLE evaluated ADD COLUMN x int CHECK (reached(x) > 0)",
                            "CREATE DOMAIN evaluating AS int CHECK (reached(VALUE) > 0)")) {
                all.assertThat(session.ddlRefusal(text).message())
                        .as(text)
                        .contains("would run on datanodes");
            }
            session.ddl("CREATE INDEX ON evaluated (lower(t)) WHERE d > 0");
            session.run("INSERT INTO evaluated (id, t) VALUES (1, 'a')");
            assertThat(session.value("SELECT id, d, g, n FROM evaluated")).isEqualTo("1|1|2|6");
            session.ddl("DROP TABLE evaluated");
        }
        all.assertAll();
    }

    @Test
    void makingATableEvaluatesNothingOfItsUser() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            assertThat(
                            session.refusal(
                                            s ->
                                                    s.createTable(
                                                            "CREATE TABLE indexed (id int PRIMARY KEY);"
                                                                    + " CREATE INDEX ON indexed ((id + 1))",
                                                            "hash(id)"))
                                    .message())
                    .contains("one CREATE TABLE and nothing else");
        }
    }

    @Test
    void aReplicatedTableIsNoViewOnItsDatanode() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.createTable("CREATE TABLE swapped (id int PRIMARY KEY)", "replication");
            assertThat(
                            session.ddlRefusal(
                                            onDatanodes(
                                                    "ALTER TABLE swapped RENAME TO behind;"
                                                            + " CREATE VIEW swapped AS SELECT reached(id) AS id FROM behind"))
                                    .message())
                    .contains("something else here than on the coordinators");
            session.ddl("DROP TABLE swapped");
        }
    }

    @Test
    void aStatementHidesNothingThatItMakes() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            assertThat(
                            session.ddlRefusal(
                                            "DO $$ BEGIN PERFORM set_config('xl.applying', 'self', true);"
                                                    + " CREATE TABLE hidden (id int CHECK (reached(id) > 0)); END $$")
                                    .message())
                    .contains("how the rows of a table are to be distributed");
            assertThat(
                            session.ddlRefusal(
                                    "DO $$ BEGIN EXECUTE format('DROP FUNCTION xl.as_%s(text)', pg_current_xact_id());"
                                            + " CREATE TABLE hidden (id int); END $$"))
                    .isNotNull();
        }
    }

    @Test
    void triggersDoNotOutliveTheirUsersPart() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.createTable("CREATE TABLE deferring (id int PRIMARY KEY)", "replication");
            session.ddl(
                    onDatanodes(
                            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON deferring DEFERRABLE"
                                    + " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reached_trigger()"));
            assertThat(
                            session.ddlRefusal(onDatanodes("INSERT INTO deferring VALUES (1)"))
                                    .message())
                    .contains("reads or writes rows");
            session.ddl("DROP TABLE deferring");
        }
    }

    @Test
    void triggersDoNotRunOnDatanodes() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.createTable("CREATE TABLE triggered (id int PRIMARY KEY)", "replication");
            session.ddl(
                    "CREATE FUNCTION not_there() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " IF current_user <> 'app' THEN RAISE EXCEPTION 'reached as %', current_user; END IF;"
                            + " RETURN new; END $$");
            session.ddl(
                    "CREATE TRIGGER now BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION not_there()");
            session.run("INSERT INTO triggered VALUES (1)");
            assertThat(
                            session.ddlRefusal("ALTER TABLE triggered ENABLE ALWAYS TRIGGER now")
                                    .message())
                    .contains("on the datanode");
            session.ddl("DROP TABLE triggered", "DROP FUNCTION not_there");
        }
    }

    @Test
    void partitionsLeadToNoOtherRows() throws SQLException {
        try (Session admin = cluster.superuser("coord_1");
                Session session = cluster.app("coord_1")) {
            admin.createTable("CREATE TABLE confidential (id int PRIMARY KEY)", "replication");
            session.createTable("CREATE TABLE own (id int PRIMARY KEY)", "replication");
            session.run("SET xl.allow_local = on");
            String part =
                    session.value(
                            "SELECT 'xl_parts.' || partition FROM xl.partitions WHERE table_name = 'own'::regclass");
            SoftAssertions all = new SoftAssertions();
            for (String text :
                    List.of(
                            "ALTER FOREIGN TABLE "
                                    + part
                                    + " OPTIONS (SET table_name 'confidential')",
                            "ALTER TABLE " + part + " OPTIONS (SET table_name 'confidential')",
                            "ALTER FOREIGN TABLE " + part + " RENAME TO r1",
                            "ALTER FOREIGN TABLE " + part + " SET SCHEMA public",
                            "DROP FOREIGN TABLE " + part)) {
                all.assertThatCode(() -> session.refusal(text)).as(text).doesNotThrowAnyException();
                all.assertThatCode(() -> session.ddlRefusal(text))
                        .as(text)
                        .doesNotThrowAnyException();
            }
            all.assertAll();
            session.ddl("DROP TABLE own");
            admin.ddl("DROP TABLE confidential");
        }
    }

    @Test
    void whoRunsAnothersFunctionAsksForNothingInItsOwnName() throws SQLException {
        try (Session admin = cluster.superuser("coord_1");
                Session session = cluster.app("coord_1")) {
            session.run("SET xl.allow_local = on");
            session.ddl(
                    "CREATE FUNCTION asks() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$"
                            + " BEGIN RETURN xl.execute_direct('coord_2', 'SELECT current_user'); END $$");
            assertThat(admin.value("SELECT asks()")).contains("\"app\"");
            session.run(
                    "CREATE MATERIALIZED VIEW asked AS SELECT xl.execute_direct('coord_2', 'SELECT current_user') AS who WITH NO DATA");
            admin.run("REFRESH MATERIALIZED VIEW asked");
            assertThat(admin.value("SELECT who FROM asked")).contains("\"app\"");
            session.run("DROP MATERIALIZED VIEW asked");
            session.ddl("DROP FUNCTION asks");
        }
    }

    @Test
    void whatShadowsTheServersOwnNamesIsNotUsed() throws SQLException {
        try (Session owner = cluster.app("coord_1");
                Session admin = cluster.superuser("coord_1")) {
            owner.ddl(
                    "CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE sql AS 'SELECT $1'",
                    "CREATE FUNCTION public.trap(oid, oid) RETURNS text LANGUAGE plpgsql AS $$"
                            + " BEGIN RAISE EXCEPTION 'reached as %', current_user; END $$",
                    "CREATE FUNCTION public.trap(text, oid) RETURNS text LANGUAGE plpgsql AS $$"
                            + " BEGIN RAISE EXCEPTION 'reached as %', current_user; END $$",
                    "CREATE OPERATOR public.|| (LEFTARG = oid, RIGHTARG = oid, FUNCTION = public.trap)",
                    "CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = oid, FUNCTION = public.trap)",
                    "CREATE SEQUENCE shadowed");
            admin.run("SET search_path = public, pg_catalog");
            assertThat(admin.number("SELECT xl.nextval('shadowed')")).isEqualTo(1);
            assertThat(admin.number("SELECT xl.setval('shadowed', 9)")).isEqualTo(9);
            admin.createTable("CREATE TABLE shadows (id int PRIMARY KEY)", "hash(id)");
            assertThat(admin.rows("SELECT table_name FROM xl.tables")).contains("shadows");
            admin.ddl("DROP TABLE shadows");
            admin.run("SET search_path = public");
            assertThat(admin.number("SELECT xl.nextval('shadowed')")).isEqualTo(10);
            owner.ddl(
                    "DROP SEQUENCE shadowed",
                    "DROP OPERATOR public.|| (oid, oid)",
                    "DROP OPERATOR public.|| (text, oid)",
                    "DROP FUNCTION public.trap(oid, oid), public.trap(text, oid), public.format(text, name)");
        }
    }

    @Test
    void hostileNamesAreNames() throws SQLException {
        String[] names = {
            "x'; " + BECOME_SUPERUSER + "; --",
            "x\"); " + BECOME_SUPERUSER + "; --",
            "$$; " + BECOME_SUPERUSER + "; $xl$ \\' ; %s %L %I $1, b",
        };
        try (Session session = cluster.app("coord_2")) {
            for (String name : names) {
                String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
                session.ddl("CREATE SCHEMA " + quoted + " CREATE SEQUENCE numbers");
                session.run("SET search_path = " + quoted);
                session.createTable(
                        "CREATE TABLE " + quoted + " (" + quoted + " int PRIMARY KEY)",
                        "hash(" + quoted + ")");
                session.createTable(
                        "CREATE TABLE t (" + quoted + " int PRIMARY KEY)", "replication");
                session.ddl("ALTER TABLE t RENAME TO " + quoted.replaceFirst("\"", "\"t"));
                for (String table : List.of(quoted, quoted.replaceFirst("\"", "\"t"))) {
                    session.run(
                            "INSERT INTO " + table + " VALUES (xl.nextval('numbers'))",
                            "UPDATE " + table + " SET " + quoted + " = " + quoted);
                    assertThat(session.number("SELECT count(*) FROM " + table)).isEqualTo(1);
                }
                session.run("RESET search_path");
                session.ddl("DROP SCHEMA " + quoted + " CASCADE");
            }
        }
    }

    private static String onDatanodes(String statement) {
        return "DO $do$ BEGIN IF current_setting('cluster_name') LIKE 'data%' THEN EXECUTE '"
                + statement.replace("'", "''")
                + "'; END IF; END $do$";
    }
}
