package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.copy.CopyManager;

/** Each kind of statement that reads or writes rows, through each coordinator. */
@ExtendWith(SharedSqlCluster.class)
class StatementsTest {
    private static final String ODD = "\"Mixed Case\".\"Käse \"\"--; '$1\"";

    private final SqlCluster cluster;

    StatementsTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void makeTables(SqlCluster cluster) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.createTable(
                    "CREATE TABLE item (id bigint PRIMARY KEY, name text, amount int)", "hash(id)");
            session.createTable(
                    "CREATE TABLE part (item bigint, n int, name text, PRIMARY KEY (item, n))",
                    "hash(item)");
            session.createTable(
                    "CREATE TABLE kind (code text PRIMARY KEY, title text)", "replication");
            session.ddl(
                    "CREATE VIEW big AS SELECT id, name FROM item WHERE amount >= 90",
                    "CREATE SCHEMA \"Mixed Case\"");
            session.createTable(
                    "CREATE TABLE "
                            + ODD
                            + " (\"Käse; --\" text, \"select\" int, PRIMARY KEY (\"Käse; --\"))",
                    "hash(\"Käse; --\")");
        }
    }

    @BeforeEach
    void fillTables() throws SQLException {
        try (Session session = cluster.app("coord_2")) {
            session.run(
                    "TRUNCATE item, part, kind, " + ODD,
                    "INSERT INTO item SELECT g, 'item ' || g, g % 100 FROM generate_series(1, 200) g",
                    "INSERT INTO part SELECT i, n, 'part ' || n FROM generate_series(1, 200) i,"
                            + " generate_series(1, 2) n",
                    "INSERT INTO kind SELECT 'item ' || g, 'title ' || g FROM generate_series(1, 5) g");
        }
    }

    @ThroughEachCoordinator
    void insertsOneRowSeveralRowsAndThoseOfAQuery(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.write("INSERT INTO item VALUES (1001, 'one', 1)")).isEqualTo(1);
            assertThat(
                            session.write(
                                    "INSERT INTO item VALUES (1002, 'two', 2), (1003, 'three', 3)"))
                    .isEqualTo(2);
            assertThat(session.write("INSERT INTO item SELECT id + 2000, name, amount FROM item"))
                    .isEqualTo(203);
        }
        assertSeenAlike("SELECT count(*), sum(id) FROM item", "406|452212");
    }

    @ThroughEachCoordinator
    void copiesRowsInAndOut(String coordinator) throws Exception {
        String rows =
                IntStream.range(3000, 3500)
                        .mapToObj(i -> i + "\tcopied " + i + "\t" + i % 7 + "\n")
                        .collect(Collectors.joining());
        try (Session session = cluster.app(coordinator)) {
            CopyManager copy = session.connection().unwrap(PGConnection.class).getCopyAPI();
            assertThat(copy.copyIn("COPY item FROM STDIN", new StringReader(rows))).isEqualTo(500);
            StringWriter out = new StringWriter();
            copy.copyOut("COPY (SELECT * FROM item WHERE id >= 3000 ORDER BY id) TO STDOUT", out);
            assertThat(out.toString()).isEqualTo(rows);
        }
        assertSeenAlike("SELECT count(*) FROM item", "700");
    }

    @ThroughEachCoordinator
    void selectsByKeyByRangeInOrderAndInGroups(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.value("SELECT name FROM item WHERE id = 17")).isEqualTo("item 17");
            assertThat(session.rows("SELECT name FROM item WHERE id = 100017")).isEmpty();
            assertThat(
                            session.rows(
                                    "SELECT id FROM item WHERE id BETWEEN 8 AND 11 ORDER BY id DESC"))
                    .containsExactly("11", "10", "9", "8");
            assertThat(session.rows("SELECT id FROM item ORDER BY id LIMIT 2 OFFSET 100"))
                    .containsExactly("101", "102");
            assertThat(
                            session.rows(
                                    "SELECT amount % 3, count(*), sum(id), avg(amount)::int FROM item"
                                            + " GROUP BY 1 HAVING count(*) > 66 ORDER BY 1"))
                    .containsExactly("0|68|6966|50");
            assertThat(session.value("SELECT count(DISTINCT amount), max(name) FROM item"))
                    .isEqualTo("100|item 99");
        }
    }

    @ThroughEachCoordinator
    void joinsByTheKeyByOtherColumnsAndWithReplicatedTables(String coordinator)
            throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(
                            session.value(
                                    "SELECT count(*), sum(i.id * p.n) FROM item i JOIN part p ON p.item = i.id"))
                    .isEqualTo("400|60300");
            assertThat(
                            session.rows(
                                    "SELECT i.id, k.title FROM item i JOIN kind k ON k.code = i.name ORDER BY 1 LIMIT 2"))
                    .containsExactly("1|title 1", "2|title 2");
            assertThat(
                            session.value(
                                    "SELECT count(*) FROM item a JOIN item b ON a.amount = b.id"
                                            + " WHERE a.id > 100"))
                    .isEqualTo("99");
            assertThat(
                            session.value(
                                    "SELECT count(*) FROM item i LEFT JOIN kind k ON k.code = i.name"
                                            + " WHERE k.code IS NULL"
                                            + " AND EXISTS (SELECT FROM part p WHERE p.item = i.id)"))
                    .isEqualTo("195");
        }
    }

    @ThroughEachCoordinator
    void updatesByKeyByConditionAndByJoin(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.write("UPDATE item SET name = 'new' WHERE id = 3")).isEqualTo(1);
            assertThat(session.write("UPDATE item SET amount = amount + 1000 WHERE amount < 10"))
                    .isEqualTo(20);
            assertThat(
                            session.write(
                                    "UPDATE item i SET name = k.title FROM kind k WHERE k.code = i.name"))
                    .isEqualTo(4);
            assertThat(session.write("UPDATE kind SET title = 'T' WHERE code = 'item 1'"))
                    .isEqualTo(1);
        }
        assertSeenAlike("SELECT name, amount FROM item WHERE id = 3", "new|1003");
        assertSeenAlike("SELECT name FROM item WHERE id = 1", "title 1");
        assertSeenAlike("SELECT title FROM kind WHERE code = 'item 1'", "T");
    }

    @ThroughEachCoordinator
    void doesNotMoveARowToAnotherPartitionButSaysSo(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.refusal("UPDATE item SET id = id + 100000").message())
                    .contains("violates partition constraint");
        }
        assertSeenAlike("SELECT count(*), max(id) FROM item", "200|200");
    }

    @ThroughEachCoordinator
    void deletesAndTruncates(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.write("DELETE FROM item WHERE id = 5")).isEqualTo(1);
            assertThat(session.write("DELETE FROM part WHERE n = 2")).isEqualTo(200);
            assertThat(session.write("DELETE FROM kind WHERE code IN ('item 1', 'item 2')"))
                    .isEqualTo(2);
            assertSeenAlike("SELECT count(*) FROM item", "199");
            assertSeenAlike("SELECT count(*) FROM part", "200");
            assertSeenAlike("SELECT count(*) FROM kind", "3");
            session.run("TRUNCATE item, kind");
        }
        assertSeenAlike("SELECT count(*) FROM item", "0");
        assertSeenAlike("SELECT count(*) FROM kind", "0");
    }

    @ThroughEachCoordinator
    void runsPreparedStatementsAgainAndAgain(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator);
                PreparedStatement write =
                        session.connection()
                                .prepareStatement("UPDATE item SET amount = ? WHERE id = ?");
                PreparedStatement read =
                        session.connection()
                                .prepareStatement("SELECT amount FROM item WHERE id = ?")) {
            write.unwrap(PGStatement.class).setPrepareThreshold(1);
            read.unwrap(PGStatement.class).setPrepareThreshold(1);
            for (int id = 1; id <= 20; id++) {
                write.setInt(1, 7000 + id);
                write.setLong(2, id);
                assertThat(write.executeUpdate()).isEqualTo(1);
                read.setLong(1, id);
                try (ResultSet row = read.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getInt(1)).isEqualTo(7000 + id);
                }
            }
            for (int id = 9000; id < 9100; id++) {
                write.setInt(1, 1);
                write.setLong(2, id);
                write.addBatch();
            }
            assertThat(write.executeBatch()).hasSize(100).containsOnly(0);
        }
    }

    @ThroughEachCoordinator
    void returnsWhatItWroteAlsoWithinOneStatement(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.rows("INSERT INTO item VALUES (4001, 'r', 1) RETURNING id, name"))
                    .containsExactly("4001|r");
            assertThat(session.rows("UPDATE item SET amount = 2 WHERE id = 4001 RETURNING amount"))
                    .containsExactly("2");
            assertThat(session.rows("DELETE FROM item WHERE id = 4001 RETURNING name"))
                    .containsExactly("r");
            assertThat(
                            session.value(
                                    "WITH gone AS (DELETE FROM item WHERE id <= 10 RETURNING id, name, amount),"
                                            + " kept AS (INSERT INTO item SELECT id + 5000, name, amount FROM gone RETURNING id)"
                                            + " SELECT count(*), min(id) FROM kept"))
                    .isEqualTo("10|5001");
        }
        assertSeenAlike("SELECT count(*) FROM item WHERE id > 5000", "10");
    }

    @ThroughEachCoordinator
    void rollsBackToSavepointsAndWholeTransactions(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            session.run(
                    "BEGIN",
                    "INSERT INTO item VALUES (6001, 'kept', 0)",
                    "SAVEPOINT before",
                    "UPDATE item SET name = 'lost' WHERE id BETWEEN 1 AND 50");
            assertThat(session.refusal("INSERT INTO item VALUES (6001, 'twice', 0)").state())
                    .isEqualTo("23505");
            session.run("ROLLBACK TO before", "DELETE FROM item WHERE id = 2", "COMMIT");
            session.run(
                    "BEGIN", "DELETE FROM item", "TRUNCATE part", "DELETE FROM kind", "ROLLBACK");
        }
        assertSeenAlike(
                "SELECT count(*), count(*) FILTER (WHERE name = 'lost') FROM item", "200|0");
        assertSeenAlike("SELECT count(*) FROM part", "400");
        assertSeenAlike("SELECT count(*) FROM kind", "5");
    }

    @ThroughEachCoordinator
    void readsThroughViewsAndExplainsWhatDatanodesDo(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            assertThat(session.number("SELECT count(*) FROM big")).isEqualTo(20);
            assertThat(session.rows("EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM item WHERE id = 1"))
                    .filteredOn(line -> line.contains("Remote SQL"))
                    .singleElement()
                    .asString()
                    .contains("WHERE ((id = 1))");
            assertThat(
                            session.rows(
                                    "EXPLAIN (VERBOSE, COSTS OFF) SELECT id, count(*) FROM item GROUP BY id"))
                    .filteredOn(line -> line.contains("GROUP BY"))
                    .hasSize(6);
        }
    }

    @ThroughEachCoordinator
    void takesNamesThatNeedQuotes(String coordinator) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            session.run(
                    "INSERT INTO " + ODD + " SELECT 'Käse' || g, g FROM generate_series(1, 50) g");
            session.run("UPDATE " + ODD + " SET \"select\" = 0 WHERE \"Käse; --\" = 'Käse7'");
            assertThat(session.value("SELECT sum(\"select\") FROM " + ODD)).isEqualTo("1268");
            assertThat(
                            session.rows(
                                    "SELECT distribution FROM xl.tables WHERE table_name = '"
                                            + ODD.replace("'", "''")
                                            + "'::regclass"))
                    .containsExactly("hash(\"Käse; --\")");
        }
    }

    @Test
    void takesATableOfAThousandColumns() throws SQLException {
        List<String> columns = new ArrayList<>(List.of("id int PRIMARY KEY"));
        IntStream.rangeClosed(2, 1000).mapToObj(n -> "c" + n + " int").forEach(columns::add);
        try (Session session = cluster.app("coord_3")) {
            session.createTable(
                    "CREATE TABLE wide (" + String.join(", ", columns) + ")", "hash(id)", 3);
            String numbers =
                    IntStream.rangeClosed(2, 1000)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(", "));
            for (int id = 1; id <= 30; id++) {
                session.run("INSERT INTO wide VALUES (" + id + ", " + numbers + ")");
            }
            session.run("UPDATE wide SET c1000 = -1 WHERE id = 30");
        }
        assertSeenAlike("SELECT sum(c2), sum(c999), sum(c1000) FROM wide", "60|29970|28999");
        try (Session session = cluster.app("coord_3")) {
            session.ddl("DROP TABLE wide");
        }
    }

    @Test
    void hasEveryRowInThePartitionItBelongsToAndRowsOnEveryDatanode() throws SQLException {
        for (String datanode : SqlCluster.DATANODES) {
            try (Session session = cluster.superuser(datanode)) {
                List<String> partitions =
                        session.rows(
                                "SELECT i.inhrelid::regclass, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'remainder (\\d+)')"
                                        + " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                                        + " WHERE i.inhparent = 'item'::regclass");
                assertThat(partitions).hasSize(2);
                for (String partition : partitions) {
                    String[] parts = partition.split("\\|");
                    assertThat(
                                    session.value(
                                            "SELECT count(*) > 0, coalesce(bool_and("
                                                    + "satisfies_hash_partition('item'::regclass, 6, "
                                                    + parts[1]
                                                    + ", id)), true) FROM "
                                                    + parts[0]))
                            .isEqualTo("t|t");
                }
            }
        }
    }

    @Test
    void keepsAReplicatedTableAtOneHome() throws SQLException {
        List<String> counts = new ArrayList<>();
        for (String datanode : SqlCluster.DATANODES) {
            try (Session session = cluster.superuser(datanode)) {
                counts.add(session.value("SELECT count(*) FROM kind"));
            }
        }
        assertThat(counts).containsExactlyInAnyOrder("5", "0", "0");
    }

    @Test
    void listsTablesWithTheirPartitionsRowsAndSizes() throws SQLException {
        try (Session session = cluster.app("coord_2")) {
            assertThat(
                            session.value(
                                    "SELECT distribution, partitions, bytes > 0 FROM xl.tables"
                                            + " WHERE table_name = 'item'::regclass"))
                    .isEqualTo("hash(id)|{\"data_1\": 2, \"data_2\": 2, \"data_3\": 2}|t");
            assertThat(
                            session.rows(
                                    "SELECT distribution FROM xl.tables"
                                            + " WHERE table_name = 'kind'::regclass"))
                    .containsExactly("replication");
        }
    }

    @Test
    void asksOneNodeOrAllDatanodesDirectly() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            assertThat(
                            session.value(
                                    "SELECT sum((\"row\" ->> 'count')::int), count(*) FROM"
                                            + " xl.execute_on_datanodes('SELECT count(*) FROM item')"))
                    .isEqualTo("200|3");
            assertThat(session.rows("SELECT * FROM xl.execute_direct('coord_3', 'SELECT 1 AS a')"))
                    .containsExactly("{\"a\":1}");
            assertThat(session.refusal("SELECT xl.execute_direct('nobody', 'SELECT 1')").message())
                    .contains("there is no node \"nobody\"");
            assertThat(
                            session.refusal(
                                            "SELECT xl.execute_direct('data_1', 'DELETE FROM item RETURNING id')")
                                    .message())
                    .contains("data_1: ");
        }
        assertSeenAlike("SELECT count(*) FROM item", "200");
    }

    private void assertSeenAlike(String query, String expected) throws SQLException {
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session session = cluster.app(coordinator)) {
                assertThat(session.value(query)).as(coordinator + ": " + query).isEqualTo(expected);
            }
        }
    }
}
