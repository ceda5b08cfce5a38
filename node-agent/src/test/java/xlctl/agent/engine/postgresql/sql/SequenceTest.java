package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Numbers that no two sessions of the cluster get. */
@ExtendWith(SharedSqlCluster.class)
class SequenceTest {
    private final SqlCluster cluster;

    SequenceTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @param lost by transactions that were rolled back: as with nextval(), a crash of the GTM may
     *     give them once more
     */
    private record Taken(List<Long> kept, List<Long> lost) {
        Taken() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Taken more) {
            kept.addAll(more.kept);
            lost.addAll(more.lost);
        }

        List<Long> all() {
            List<Long> all = new ArrayList<>(kept);
            all.addAll(lost);
            return all;
        }
    }

    @Test
    void givesNoNumberTwiceWhateverIsRolledBackOrRestarted() throws Exception {
        try (Session session = cluster.app("coord_1")) {
            session.ddl("CREATE SEQUENCE once CACHE 7");
        }
        List<Long> kept = new ArrayList<>(takenByTwelveSessions().kept());
        for (String node : List.of(SqlCluster.GTM, "coord_2")) {
            cluster.kill(node);
            cluster.start(node);
            Taken more = takenByTwelveSessions();
            assertThat(more.all()).doesNotContainAnyElementsOf(kept);
            kept.addAll(more.kept());
        }
        assertThat(kept).hasSizeGreaterThan(3 * 12 * 50);
        try (Session session = cluster.app("coord_1")) {
            session.ddl("DROP SEQUENCE once");
        }
    }

    private Taken takenByTwelveSessions() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(12);
        try {
            List<Future<Taken>> parts = new ArrayList<>();
            for (String coordinator : SqlCluster.COORDINATORS) {
                for (int i = 0; i < 4; i++) {
                    parts.add(workers.submit(() -> takenThrough(coordinator)));
                }
            }
            Taken all = new Taken();
            for (Future<Taken> part : parts) {
                all.add(part.get());
            }
            assertThat(all.all()).hasSize(12 * 100).doesNotHaveDuplicates();
            return all;
        } finally {
            workers.shutdownNow();
        }
    }

    private Taken takenThrough(String coordinator) throws SQLException {
        Taken taken = new Taken();
        try (Session session = cluster.app(coordinator)) {
            for (int transaction = 0; transaction < 25; transaction++) {
                boolean keep = transaction % 3 != 0;
                session.run("BEGIN");
                for (int i = 0; i < 4; i++) {
                    (keep ? taken.kept : taken.lost)
                            .add(session.number("SELECT xl.nextval('once')"));
                }
                session.run(keep ? "COMMIT" : "ROLLBACK");
            }
        }
        return taken;
    }

    @Test
    void asksTheGtmForABlockAtATime() throws SQLException {
        try (Session one = cluster.app("coord_1");
                Session other = cluster.app("coord_2")) {
            one.ddl(
                    "CREATE SEQUENCE hundred",
                    "CREATE SEQUENCE ten INCREMENT BY 5 START WITH 1000 CACHE 10");
            assertThat(one.rows("SELECT xl.nextval('hundred') FROM generate_series(1, 3)"))
                    .containsExactly("1", "2", "3");
            assertThat(other.number("SELECT xl.nextval('hundred')")).isEqualTo(101);
            assertThat(one.number("SELECT xl.nextval('hundred')")).isEqualTo(4);
            assertThat(one.number("SELECT xl.nextval('ten')")).isEqualTo(1000);
            assertThat(other.number("SELECT xl.nextval('ten')")).isEqualTo(1050);
            assertThat(one.number("SELECT xl.nextval('ten')")).isEqualTo(1005);
            assertThat(
                            one.rows(
                                    "SELECT step, block FROM xl.sequences"
                                            + " WHERE sequence_name IN ('ten'::regclass, 'hundred'::regclass)"
                                            + " ORDER BY 1"))
                    .containsExactly("1|100", "5|10");
            one.ddl("DROP SEQUENCE hundred, ten");
        }
    }

    /** The GTM alone can tell, and only when all nodes have agreed already. */
    @Test
    void refusesStepsThatTheGtmCannotCount() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            try (Statement call = session.connection().createStatement()) {
                assertThatThrownBy(
                                () ->
                                        call.execute(
                                                "CALL xl.ddl('CREATE SEQUENCE giant INCREMENT BY"
                                                        + " 4611686018427387904 CACHE 100')"))
                        .hasMessageContaining("the GTM: bigint out of range");
                assertThat((Object) call.getWarnings()).isNull();
            }
            assertThat(Definitions.leftovers(cluster)).isEmpty();
            session.ddl("CREATE SEQUENCE giant", "DROP SEQUENCE giant");
        }
    }

    @Test
    void countsDownToItsLeastAndUpToItsGreatestAndNoFurther() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.ddl(
                    "CREATE SEQUENCE up MINVALUE 1 MAXVALUE 250",
                    "CREATE SEQUENCE down INCREMENT BY -1 MINVALUE -5 MAXVALUE -1 START WITH -1 CACHE 2",
                    "CREATE SEQUENCE largest MINVALUE 9223372036854775805 CACHE 2");
            assertThat(session.rows("SELECT xl.nextval('up') FROM generate_series(1, 250)"))
                    .hasSize(250)
                    .doesNotHaveDuplicates()
                    .endsWith("250");
            assertThat(session.refusal("SELECT xl.nextval('up')").message())
                    .contains("reached maximum value");
            assertThat(session.rows("SELECT xl.nextval('down') FROM generate_series(1, 5)"))
                    .containsExactly("-1", "-2", "-3", "-4", "-5");
            assertThat(session.refusal("SELECT xl.nextval('down')").message())
                    .contains("reached minimum value");
            assertThat(session.rows("SELECT xl.nextval('largest') FROM generate_series(1, 3)"))
                    .containsExactly(
                            "9223372036854775805", "9223372036854775806", "9223372036854775807");
            assertThat(session.refusal("SELECT xl.nextval('largest')").message())
                    .contains("reached maximum value");
            session.ddl("DROP SEQUENCE up, down, largest");
        }
    }

    @Test
    void isSetForAllSessionsThatTakeANewBlock() throws SQLException {
        try (Session one = cluster.app("coord_1");
                Session other = cluster.app("coord_3")) {
            one.ddl("CREATE SEQUENCE jump CACHE 3");
            assertThat(one.number("SELECT xl.nextval('jump')")).isEqualTo(1);
            assertThat(other.number("SELECT xl.setval('jump', 5000)")).isEqualTo(5000);
            assertThat(other.number("SELECT xl.nextval('jump')")).isEqualTo(5001);
            assertThat(one.rows("SELECT xl.nextval('jump') FROM generate_series(1, 3)"))
                    .containsExactly("2", "3", "5004");
            one.ddl("DROP SEQUENCE jump");
        }
    }

    @Test
    void fillsAColumnByDefault() throws SQLException {
        try (Session session = cluster.app("coord_2")) {
            session.ddl("CREATE SEQUENCE \"By Default\"");
            session.createTable(
                    "CREATE TABLE numbered (id bigint PRIMARY KEY DEFAULT xl.nextval('\"By Default\"'), v text)",
                    "hash(id)");
        }
        for (String coordinator : SqlCluster.COORDINATORS) {
            try (Session session = cluster.app(coordinator)) {
                session.run("INSERT INTO numbered (v) SELECT 'v' FROM generate_series(1, 150)");
            }
        }
        try (Session session = cluster.app("coord_2")) {
            assertThat(session.value("SELECT count(*), count(DISTINCT id) FROM numbered"))
                    .isEqualTo("450|450");
            session.ddl("DROP TABLE numbered", "DROP SEQUENCE \"By Default\"");
        }
    }

    @Test
    void isForThoseWhoMayUseIt() throws SQLException {
        try (Session admin = cluster.superuser("coord_1");
                Session owner = cluster.app("coord_1")) {
            admin.ddl("CREATE ROLE counter LOGIN PASSWORD 'counter'");
            owner.ddl("CREATE SEQUENCE mine");
            try (Session guest = cluster.login("coord_2", "counter", "counter")) {
                assertThat(guest.refusal("SELECT xl.nextval('mine')").state()).isEqualTo("42501");
                owner.ddl("GRANT USAGE ON SEQUENCE mine TO counter");
                assertThat(guest.number("SELECT xl.nextval('mine')")).isEqualTo(1);
                assertThat(guest.refusal("SELECT xl.setval('mine', 1)").state()).isEqualTo("42501");
                owner.ddl("GRANT UPDATE ON SEQUENCE mine TO counter");
                assertThat(guest.number("SELECT xl.setval('mine', 70)")).isEqualTo(70);
            }
            owner.ddl("DROP SEQUENCE mine");
            admin.ddl("DROP ROLE counter");
        }
    }

    @Test
    void failsByItsPlainNameInsteadOfCountingOnOneNodeAlone() throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            session.ddl("CREATE SEQUENCE plain");
            for (String coordinator : SqlCluster.COORDINATORS) {
                try (Session other = cluster.app(coordinator)) {
                    assertThat(other.refusal("SELECT nextval('plain')").message())
                            .contains("reached maximum value");
                }
            }
            assertThat(session.refusal("SELECT xl.nextval('pg_class')").message())
                    .contains("is no global sequence");
            assertThat(session.ddlRefusal("ALTER SEQUENCE plain RESTART").hint())
                    .contains("xl.setval");
            assertThat(session.ddlRefusal("CREATE SEQUENCE round CYCLE").message())
                    .contains("cannot CYCLE");
            session.ddl("ALTER SEQUENCE plain RENAME TO simple");
            assertThat(session.number("SELECT xl.nextval('simple')")).isEqualTo(1);
            session.ddl("DROP SEQUENCE simple");
        }
    }
}
