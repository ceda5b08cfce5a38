package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions reach every node alike, or none; what makes no sense on this engine is refused. */
@ExtendWith(SharedSqlCluster.class)
class DdlTest {
    private final SqlCluster cluster;
    private Map<String, List<String>> before;

    DdlTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void look() throws SQLException {
        before = Definitions.ofEachNode(cluster);
        assertAlike(before);
    }

    @AfterEach
    void isAlikeOnAllNodes() throws SQLException {
        assertAlike(Definitions.ofEachNode(cluster));
        assertThat(Definitions.leftovers(cluster)).isEmpty();
    }

    @ThroughEachCoordinator
    void changesTablesEverywhere(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            session.createTable("CREATE TABLE changing (id int PRIMARY KEY, v text)", "hash(id)");
            session.createTable("CREATE TABLE small (id int PRIMARY KEY, v text)", "replication");
            session.run(
                    "INSERT INTO changing SELECT g, 'v' || g FROM generate_series(1, 100) g",
                    "INSERT INTO small VALUES (1, 'one')");
            session.ddl(
                    "CREATE INDEX ON changing (v)",
                    "ALTER TABLE changing ADD COLUMN n int NOT NULL DEFAULT 7",
                    "ALTER TABLE changing RENAME COLUMN v TO w",
                    "ALTER TABLE changing ALTER COLUMN n TYPE bigint",
                    "CREATE SCHEMA other",
                    "ALTER TABLE small SET SCHEMA other",
                    "ALTER TABLE other.small RENAME TO \"Small Ones\"",
                    "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'",
                    "CREATE VIEW both_of_them AS SELECT c.id, s.v FROM changing c JOIN other.\"Small Ones\" s USING (id)",
                    "COMMENT ON TABLE changing IS 'it''s changed'");
        }
        for (String other : SqlCluster.COORDINATORS) {
            try (Session session = cluster.app(other)) {
                assertThat(session.value("SELECT sum(n), max(w) FROM changing"))
                        .isEqualTo("700|v99");
                assertThat(session.value("SELECT twice(21), v FROM both_of_them"))
                        .isEqualTo("42|one");
                assertThat(session.write("UPDATE other.\"Small Ones\" SET v = 'one'")).isEqualTo(1);
            }
        }
        try (Session session = cluster.app(coordinator)) {
            session.ddl(
                    "DROP VIEW both_of_them",
                    "DROP FUNCTION twice",
                    "DROP TABLE changing",
                    "DROP SCHEMA other CASCADE");
        }
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @Test
    void usesTheSearchPathOfWhoAsks() throws SQLException {
        try (Session session = cluster.app("coord_2")) {
            session.ddl("CREATE SCHEMA \"The, path\"");
            session.run("SET search_path = \"The, path\", public");
            session.createTable("CREATE TABLE placed (id int PRIMARY KEY)", "hash(id)");
            session.run("INSERT INTO \"The, path\".placed VALUES (1)");
            session.ddl("DROP TABLE placed", "DROP SCHEMA \"The, path\"");
        }
    }

    private static final String[][] NO_TABLES = {
        new String[] {"CREATE TABLE x (id int)", "hash", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "hash()", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "hash(id", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "hash(lower(id))", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "hash(id); DROP TABLE y", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "modulo(id)", "is not understood"},
        new String[] {"CREATE TABLE x (id int)", "hash(nothing)", "has no column \"nothing\""},
        new String[] {
            "CREATE TABLE x (id serial)", "hash(id)", "numbers of its own on each coordinator"
        },
        new String[] {
            "CREATE TABLE x (id serial)", "replication", "numbers of its own on each coordinator"
        },
        new String[] {
            "CREATE TABLE x (id int GENERATED ALWAYS AS IDENTITY)", "hash(id)", "numbers of its own"
        },
        new String[] {"CREATE TABLE x (id int PRIMARY KEY, n int)", "hash(n)", "cannot be kept"},
        new String[] {"CREATE TABLE x (id int, n int UNIQUE)", "hash(id)", "cannot be kept"},
        new String[] {
            "CREATE TABLE x (id int, EXCLUDE USING btree (id WITH =))", "hash(id)", "cannot be kept"
        },
        new String[] {
            "CREATE TABLE x (id int, up int REFERENCES x (id), PRIMARY KEY (id))",
            "hash(id)",
            "foreign key"
        },
        new String[] {"CREATE TABLE x (c regclass)", "hash(c)", "another hash on each node"},
        new String[] {"CREATE TABLE x (c regrole[])", "hash(c)", "another hash on each node"},
        new String[] {"CREATE TABLE x AS SELECT 1 AS id", "hash(id)", "rows of a query"},
        new String[] {"SELECT 1 AS id INTO x", "hash(id)", "not implemented"},
        new String[] {"CREATE TEMPORARY TABLE x (id int)", "hash(id)", ""},
        new String[] {"CREATE UNLOGGED TABLE x (id int)", "hash(id)", "UNLOGGED"},
        new String[] {"CREATE TABLE x (id int) PARTITION BY HASH (id)", "hash(id)", "PARTITION BY"},
        new String[] {
            "CREATE TABLE x (id int); CREATE TABLE y (id int)",
            "hash(id)",
            "one CREATE TABLE and nothing else"
        },
        new String[] {
            "CREATE TABLE x (id int); CREATE INDEX ON x (id)",
            "hash(id)",
            "one CREATE TABLE and nothing else"
        },
        new String[] {
            "CREATE VIEW x AS SELECT 1 AS id", "hash(id)", "one CREATE TABLE and nothing else"
        },
        new String[] {"SELECT 1", "hash(id)", "one CREATE TABLE and nothing else"},
        new String[] {"CREATE TABLE x (id int,,)", "hash(id)", "syntax error"},
        new String[] {"CREATE TABLE xl_parts.x (id int)", "hash(id)", "not changed by themselves"},
        new String[] {"CREATE TABLE x (p point)", "replication", "can be hashed"},
    };

    @Test
    void refusesTablesThatCannotBeOverSeveralNodes() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Session session = cluster.app("coord_1")) {
            for (String[] wish : NO_TABLES) {
                all.assertThat(session.refusal(s -> s.createTable(wish[0], wish[1])).message())
                        .as(wish[0] + " " + wish[1])
                        .contains(wish[2]);
            }
        }
        all.assertAll();
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 1025})
    void refusesTooFewOrTooManyPartitions(int partitions) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            Session.Refusal refusal =
                    session.refusal(
                            s -> s.createTable("CREATE TABLE x (id int)", "hash(id)", partitions));
            assertThat(refusal.message()).contains(partitions + " partitions are not possible");
            assertThat(refusal.hint()).contains("3, one for each datanode, to 1024");
        }
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    private static final String[][] NO_DEFINITIONS = {
        new String[] {"CREATE TABLE x (id int)", "how the rows of a table are to be distributed"},
        new String[] {"CREATE TABLE x AS SELECT 1", "rows of a query"},
        new String[] {"CREATE MATERIALIZED VIEW x AS SELECT 1", "materialized view"},
        new String[] {"CREATE TEMPORARY VIEW x AS SELECT 1", ""},
        new String[] {"CREATE INDEX CONCURRENTLY ON shape (v)", "CONCURRENTLY"},
        new String[] {"VACUUM shape", ""},
        new String[] {"CREATE DATABASE x", ""},
        new String[] {"CREATE UNIQUE INDEX ON shape (v)", ""},
        new String[] {"ALTER TABLE shape ADD COLUMN n serial", "numbers of its own"},
        new String[] {"ALTER TABLE shape ADD FOREIGN KEY (v) REFERENCES shape (id)", ""},
        new String[] {"ALTER TABLE shape DETACH PARTITION xl_parts.none", ""},
        new String[] {"INSERT INTO shape VALUES (1, 1)", ""},
        new String[] {"DELETE FROM shape", ""},
        new String[] {"ROLLBACK", ""},
        new String[] {"ALTER ROLE app PASSWORD 'x'", "are not changed"},
        new String[] {"nonsense", "syntax error"},
    };

    @Test
    void refusesDefinitionsThatCannotBeOnAllNodes() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Session session = cluster.app("coord_1")) {
            session.createTable("CREATE TABLE shape (id int PRIMARY KEY, v int)", "hash(id)");
            session.run("INSERT INTO shape VALUES (1, 1)");
            for (String[] wish : NO_DEFINITIONS) {
                all.assertThat(session.ddlRefusal(wish[0]).message()).as(wish[0]).contains(wish[1]);
            }
            all.assertThat(session.rows("SELECT * FROM shape")).containsExactly("1|1");
            session.ddl("", "DROP TABLE shape");
        }
        all.assertAll();
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @Test
    void refusesOnACoordinatorWhatWouldBeDoneThereAlone() throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Session session = cluster.app("coord_3")) {
            session.createTable("CREATE TABLE kept (id int PRIMARY KEY, v int)", "hash(id)");
            for (String text :
                    List.of(
                            "CREATE TABLE x (id int)",
                            "CREATE TABLE x AS SELECT 1",
                            "SELECT 1 AS id INTO x",
                            "CREATE VIEW x AS SELECT 1",
                            "CREATE SCHEMA x",
                            "CREATE SEQUENCE x",
                            "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                            "CREATE INDEX ON kept (v)",
                            "ALTER TABLE kept ADD COLUMN n int",
                            "GRANT SELECT ON kept TO PUBLIC",
                            "COMMENT ON TABLE kept IS 'x'",
                            "DROP TABLE kept")) {
                Session.Refusal refusal = session.refusal(text);
                all.assertThat(refusal.message()).as(text).contains("on this coordinator alone");
                all.assertThat(refusal.hint()).as(text).contains("CALL xl.");
            }
            session.run("CREATE TEMPORARY TABLE mine AS SELECT 1 AS id", "DROP TABLE mine");
            session.ddl("DROP TABLE kept");
        }
        all.assertAll();
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @Test
    void makesLocalTablesForWhoAllowsThemButNoneOfADistributedTable() throws SQLException {
        try (Session session = cluster.app("coord_3")) {
            session.createTable("CREATE TABLE kept (id int PRIMARY KEY, v int)", "hash(id)");
            session.run("SET xl.allow_local = on", "CREATE TABLE here (id int)", "DROP TABLE here");
            for (String text :
                    List.of(
                            "ALTER TABLE kept ADD COLUMN n int",
                            "DROP TABLE kept",
                            "ALTER TABLE kept RENAME TO lost")) {
                assertThat(session.refusal(text).message()).contains("on this coordinator alone");
            }
            session.ddl("DROP TABLE kept");
        }
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN; CALL xl.ddl('CREATE SCHEMA x')",
                "DO $$ BEGIN CALL xl.ddl('CREATE SCHEMA x'); COMMIT; PERFORM 1 / 0; END $$",
                "SELECT inside()",
            })
    void isNotPartOfATransaction(String text) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.ddl(
                    "CREATE OR REPLACE FUNCTION inside() RETURNS void LANGUAGE plpgsql AS"
                            + " $$ BEGIN CALL xl.ddl('CREATE SCHEMA x'); END $$");
            Session.Refusal refusal = session.refusal(text);
            session.run("ROLLBACK");
            if (text.startsWith("DO")) {
                // A block that may commit is no transaction: what it did before it failed is done.
                session.ddl("DROP SCHEMA x");
            } else {
                assertThat(refusal.state()).isEqualTo("2D000");
            }
            session.ddl("DROP FUNCTION inside");
        }
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @Test
    void hidesWhatATransactionDoesUntilItEnds() throws SQLException {
        String shown =
                "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN"
                        + " ('log_statement', 'log_error_verbosity', 'track_activities')";
        try (Session session = cluster.superuser("data_1")) {
            session.run("SET log_statement = 'all'");
            session.run("BEGIN");
            session.value("SELECT xl.hide()");
            assertThat(session.value(shown)).isEqualTo("terse none off");
            assertThat(
                            session.value(
                                    "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()"))
                    .doesNotContain("SELECT");
            session.run("COMMIT");
            assertThat(session.value(shown)).isEqualTo("default all on");
        }
    }

    @Test
    void givesRolesTheSamePasswordEverywhereAndNobodySeesIt() throws SQLException {
        String password = "it's \\ \"secret\" $1";
        try (Session session = cluster.superuser("coord_1")) {
            session.ddl(
                    "CREATE ROLE \"Käthe\" LOGIN PASSWORD '" + password.replace("'", "''") + "'",
                    "CREATE ROLE readers",
                    "GRANT readers TO \"Käthe\"");
        }
        Set<String> verifiers = new HashSet<>();
        for (String node : SqlCluster.NODES) {
            try (Session session = cluster.superuser(node)) {
                verifiers.add(
                        session.value("SELECT rolpassword FROM pg_authid WHERE rolname = 'Käthe'"));
            }
        }
        assertThat(verifiers).singleElement().asString().startsWith("SCRAM-SHA-256$");
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session session = cluster.login(coordinator, "Käthe", password)) {
                assertThat(session.value("SELECT pg_has_role('readers', 'MEMBER')")).isEqualTo("t");
            }
        }
        try (Session gtm = cluster.superuser(SqlCluster.GTM)) {
            assertThat(gtm.rows("SELECT statement FROM xl.ddl WHERE statement IS NOT NULL"))
                    .isNotEmpty()
                    .noneMatch(statement -> statement.contains("secret"))
                    .noneMatch(statement -> statement.contains("SCRAM-SHA-256"))
                    .anyMatch(statement -> statement.contains("PASSWORD '********'"));
        }
        try (Session session = cluster.superuser("coord_2")) {
            session.ddl("ALTER ROLE \"Käthe\" PASSWORD 'another'");
        }
        try (Session session = cluster.login("coord_3", "Käthe", "another")) {
            assertThat(session.value("SELECT 1")).isEqualTo("1");
        }
        try (Session session = cluster.superuser("coord_2")) {
            session.ddl("DROP ROLE \"Käthe\"", "DROP ROLE readers");
        }
    }

    @Test
    void refusesAPasswordThatWouldReachOtherNodesInTheClear() throws SQLException {
        try (Session session = cluster.superuser("coord_1")) {
            assertThat(
                            session.ddlRefusal(
                                            "DO $$ BEGIN EXECUTE 'CREATE ROLE leaky PASSWORD ''clear'''; END $$")
                                    .message())
                    .contains("in the clear");
        }
        assertThat(Definitions.ofEachNode(cluster)).isEqualTo(before);
    }

    @Test
    void grantsAndRevokesOnEachCoordinator() throws SQLException {
        try (Session admin = cluster.superuser("coord_1");
                Session owner = cluster.app("coord_2")) {
            admin.ddl("CREATE ROLE guest LOGIN PASSWORD 'guest'");
            owner.createTable("CREATE TABLE granted (id int PRIMARY KEY, v int)", "hash(id)");
            owner.createTable("CREATE TABLE granted_too (id int PRIMARY KEY)", "replication");
            assertGuest("SELECT count(*) FROM granted", false);
            assertGuest("SELECT count(*) FROM granted_too", false);
            owner.ddl(
                    "GRANT SELECT ON granted, granted_too TO guest",
                    "GRANT INSERT (id) ON granted TO guest");
            assertGuest("SELECT count(*) FROM granted", true);
            assertGuest("SELECT count(*) FROM granted_too", true);
            assertGuest("DELETE FROM granted", false);
            assertGuest("SELECT * FROM xl_parts." + partitionOf(owner, "granted"), false);
            owner.ddl("REVOKE SELECT ON granted, granted_too FROM guest");
            assertGuest("SELECT count(*) FROM granted", false);
            owner.ddl("DROP TABLE granted, granted_too");
            admin.ddl("DROP ROLE guest");
        }
    }

    @Test
    void givesTablesAwayWithTheirPartitions() throws SQLException {
        try (Session admin = cluster.superuser("coord_1");
                Session owner = cluster.app("coord_2")) {
            admin.ddl("CREATE ROLE heir");
            owner.createTable("CREATE TABLE given (id int PRIMARY KEY)", "hash(id)");
            admin.ddl("ALTER TABLE given OWNER TO heir");
            for (String node : SqlCluster.NODES) {
                try (Session session = cluster.superuser(node)) {
                    assertThat(
                                    session.rows(
                                            "SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_inherits i"
                                                    + " JOIN pg_class c ON c.oid = i.inhrelid"
                                                    + " WHERE i.inhparent = 'given'::regclass"))
                            .containsExactly("heir");
                }
            }
            admin.ddl("DROP TABLE given", "DROP ROLE heir");
        }
    }

    private static String partitionOf(Session session, String table) throws SQLException {
        return session.rows(
                        "SELECT quote_ident(partition) FROM xl.partitions WHERE table_name = '"
                                + table
                                + "'::regclass")
                .get(0);
    }

    private void assertGuest(String statement, boolean allowed) throws SQLException {
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session guest = cluster.login(coordinator, "guest", "guest")) {
                if (allowed) {
                    guest.run(statement);
                } else {
                    assertThat(guest.refusal(statement).state()).isEqualTo("42501");
                }
            }
        }
    }

    private static void assertAlike(Map<String, List<String>> definitions) {
        List<String> first = definitions.get(SqlCluster.NODES.get(0));
        definitions.forEach((node, found) -> assertThat(found).as(node).isEqualTo(first));
    }
}
