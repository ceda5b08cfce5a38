package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What writers through all coordinators were told is what the table has in the end. */
@ExtendWith(SharedSqlCluster.class)
class WritersTest {
    private static final int WRITERS = 4;
    private static final int KEYS = 500;

    private final SqlCluster cluster;

    WritersTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void nothingThatWasAcknowledgedIsLostAndNothingElseIsThere() throws Exception {
        write(Duration.ofSeconds(5));
    }

    @Tag("slow")
    @Test
    void nothingThatWasAcknowledgedInAMinuteIsLostAndNothingElseIsThere() throws Exception {
        write(Duration.ofMinutes(1));
    }

    private void write(Duration time) throws Exception {
        try (Session session = cluster.app("coord_1")) {
            session.createTable(
                    "CREATE TABLE written (writer int, id int, v bigint, PRIMARY KEY (writer, id))",
                    "hash(id)");
        }
        long end = System.nanoTime() + time.toNanos();
        ExecutorService workers = Executors.newFixedThreadPool(WRITERS);
        Map<String, Long> acknowledged = new TreeMap<>();
        try {
            List<Future<Map<String, Long>>> parts = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                parts.add(workers.submit(() -> writeUntil(end, number)));
            }
            for (Future<Map<String, Long>> part : parts) {
                acknowledged.putAll(part.get());
            }
        } finally {
            workers.shutdownNow();
        }

        assertThat(acknowledged).hasSizeGreaterThan(KEYS / 10);
        List<String> expected =
                acknowledged.entrySet().stream()
                        .map(row -> row.getKey() + "|" + row.getValue())
                        .sorted()
                        .toList();
        long sum = acknowledged.values().stream().mapToLong(Long::longValue).sum();
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session session = cluster.app(coordinator)) {
                assertThat(session.value("SELECT count(*), sum(v) FROM written"))
                        .isEqualTo(expected.size() + "|" + sum);
                assertThat(
                                session.rows("SELECT writer, id, v FROM written").stream()
                                        .sorted()
                                        .collect(Collectors.toList()))
                        .isEqualTo(expected);
            }
        }
        try (Session session = cluster.app("coord_1")) {
            session.ddl("DROP TABLE written");
        }
    }

    /** Rows of all writers are in all partitions; each writes its own, so none fails. */
    private Map<String, Long> writeUntil(long end, int writer) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        Random random = new Random(writer);
        try (Session session = cluster.app(SqlCluster.COORDINATORS.get(writer % 3))) {
            while (System.nanoTime() < end) {
                int id = random.nextInt(KEYS);
                String key = writer + "|" + id;
                String where = " WHERE writer = " + writer + " AND id = " + id;
                if (!rows.containsKey(key)) {
                    assertThat(
                                    session.write(
                                            "INSERT INTO written VALUES ("
                                                    + writer
                                                    + ", "
                                                    + id
                                                    + ", 1)"))
                            .isEqualTo(1);
                    rows.put(key, 1L);
                } else if (random.nextInt(5) == 0) {
                    assertThat(session.write("DELETE FROM written" + where)).isEqualTo(1);
                    rows.remove(key);
                } else {
                    long by = random.nextInt(100);
                    assertThat(session.write("UPDATE written SET v = v + " + by + where))
                            .isEqualTo(1);
                    rows.merge(key, by, Long::sum);
                }
            }
        }
        return rows;
    }
}
