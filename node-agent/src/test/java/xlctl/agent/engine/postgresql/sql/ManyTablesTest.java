package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand tables are no reason to be slow. */
@ExtendWith(SharedSqlCluster.class)
class ManyTablesTest {
    private static final int TABLES = 1000;

    private final SqlCluster cluster;

    ManyTablesTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @Tag("slow")
    @Test
    @Timeout(1800)
    void aThousandTablesAreMadeListedAndChanged(TestReporter reporter) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.ddl("CREATE SCHEMA many");
            long begun = System.nanoTime();
            for (int i = 0; i < TABLES; i++) {
                session.createTable(
                        "CREATE TABLE many.t" + i + " (id int PRIMARY KEY, v text)", "hash(id)", 3);
            }
            reporter.publishEntry("1,000 tables made in", since(begun));
            session.run("INSERT INTO many.t999 SELECT g, 'v' FROM generate_series(1, 100) g");

            begun = System.nanoTime();
            assertThat(
                            session.number(
                                    "SELECT count(*) FROM xl.tables WHERE table_name::text LIKE 'many.t%'"))
                    .isEqualTo(TABLES);
            reporter.publishEntry("listed in", since(begun));

            begun = System.nanoTime();
            session.ddl("ALTER TABLE many.t999 ADD COLUMN n int", "CREATE INDEX ON many.t998 (v)");
            reporter.publishEntry("two of them changed in", since(begun));
            assertThat(session.number("SELECT count(*) FROM many.t999 WHERE n IS NULL"))
                    .isEqualTo(100);
            for (int i = 0; i < TABLES; i += 50) {
                StringBuilder tables = new StringBuilder("many.t" + i);
                for (int j = i + 1; j < i + 50; j++) {
                    tables.append(", many.t").append(j);
                }
                session.ddl("DROP TABLE " + tables);
            }
            session.ddl("DROP SCHEMA many");
        }
    }

    private static String since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms";
    }
}
