package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** DDL from several coordinators at once waits for each other, and does not wait for ever. */
@ExtendWith(SharedSqlCluster.class)
class ConcurrentDdlTest {
    private final SqlCluster cluster;

    ConcurrentDdlTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void twoCoordinatorsTakeTurns() throws Exception {
        takeTurns(10);
    }

    @Tag("slow")
    @Test
    void twoCoordinatorsTakeTurnsTwoHundredTimes() throws Exception {
        takeTurns(200);
    }

    private void takeTurns(int rounds) throws Exception {
        try (Session session = cluster.app("coord_1")) {
            session.createTable("CREATE TABLE contended (id int PRIMARY KEY)", "hash(id)", 3);
        }
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (String coordinator : List.of("coord_1", "coord_2")) {
                both.add(clients.submit(() -> addColumns(coordinator, rounds)));
            }
            for (Future<?> one : both) {
                one.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertAlike();
        try (Session session = cluster.app("coord_3")) {
            assertThat(
                            session.number(
                                    "SELECT count(*) FROM pg_attribute WHERE attrelid = 'contended'::regclass"
                                            + " AND attnum > 0 AND NOT attisdropped"))
                    .isEqualTo(1);
            session.ddl("DROP TABLE contended");
        }
    }

    /** Each changes what the other changes, too. */
    private Void addColumns(String coordinator, int rounds) throws SQLException {
        try (Session session = cluster.app(coordinator)) {
            session.run("SET xl.lock_timeout = '10min'");
            for (int round = 0; round < rounds; round++) {
                String column = coordinator + "_" + round / 2 % 3;
                session.ddl(
                        round % 2 == 0
                                ? "ALTER TABLE contended ADD COLUMN " + column + " int"
                                : "ALTER TABLE contended DROP COLUMN " + column);
            }
        }
        return null;
    }

    @Test
    void whoWaitsTooLongIsToldWhoHasTheLock() throws Exception {
        try (Session holder = cluster.superuser("coord_1");
                Session waiter = cluster.app("coord_2")) {
            holder.run("SELECT xl.lock_ddl('an operation of a test', '5s')");
            assertThat(holder.value("SELECT xl.ddl_locked()")).isEqualTo("t");
            waiter.run("SET xl.lock_timeout = '200ms'");
            Session.Refusal refusal = waiter.ddlRefusal("CREATE SCHEMA waited");
            assertThat(refusal.state()).isEqualTo("55P03");
            assertThat(refusal.message()).contains("an operation of a test");
            assertThat(refusal.hint()).contains("xl.lock_timeout");
        }
        assertAlike();
        try (Session waiter = cluster.app("coord_2")) {
            waiter.ddl("CREATE SCHEMA waited", "DROP SCHEMA waited");
        }
    }

    @Test
    void aDdlThatWaitsForRowsInUseGivesUpAndLeavesNothing() throws Exception {
        try (Session owner = cluster.app("coord_1");
                Session writer = cluster.app("coord_2")) {
            owner.createTable("CREATE TABLE busy (id int PRIMARY KEY, v int)", "hash(id)", 3);
            writer.run("BEGIN", "INSERT INTO busy VALUES (1, 1)");
            owner.run("SET xl.lock_timeout = '300ms'");
            assertThat(owner.ddlRefusal("ALTER TABLE busy ADD COLUMN w int").state())
                    .isEqualTo("55P03");
            writer.run("COMMIT");
            assertAlike();
            owner.ddl("ALTER TABLE busy ADD COLUMN w int", "DROP TABLE busy");
        }
    }

    @Test
    void aDdlThatIsCancelledLeavesNothing() throws Exception {
        try (Session owner = cluster.app("coord_1");
                Session writer = cluster.app("coord_2")) {
            owner.createTable("CREATE TABLE busy (id int PRIMARY KEY, v int)", "hash(id)", 3);
            writer.run("BEGIN", "INSERT INTO busy VALUES (1, 1)");
            owner.run("SET statement_timeout = '500ms'");
            assertThat(owner.ddlRefusal("ALTER TABLE busy ADD COLUMN w int").state())
                    .isEqualTo("57014");
            writer.run("COMMIT");
            owner.run("RESET statement_timeout");
            assertAlike();
            owner.ddl("DROP TABLE busy");
        }
    }

    @Test
    void isRefusedWhileANodeIsDownAndNamesIt() throws Exception {
        cluster.kill("data_3");
        try (Session session = cluster.app("coord_1")) {
            Session.Refusal refusal = session.ddlRefusal("CREATE SCHEMA unreached");
            assertThat(refusal.message()).contains("data_3").contains("cannot be reached");
        } finally {
            cluster.start("data_3");
        }
        assertAlike();
    }

    private void assertAlike() throws SQLException {
        Map<String, List<String>> definitions = Definitions.ofEachNode(cluster);
        definitions.forEach(
                (node, found) -> assertThat(found).as(node).isEqualTo(definitions.get("coord_1")));
        assertThat(Definitions.leftovers(cluster)).isEmpty();
    }
}
