package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever dies at whichever point of a DDL: when it is back, and the agents have finished what was
 * left, all nodes have the same definitions, and the next DDL works.
 */
class DdlCrashTest {
    @TempDir static Path directory;
    private static SqlCluster cluster;
    private static int round;

    /** What dies. */
    private enum Victim {
        BACKEND_ENDED,
        BACKEND_KILLED,
        COORDINATOR,
        OTHER_COORDINATOR,
        DATANODE,
        GTM
    }

    private static final List<String> POINTS =
            Stream.of(
                            Stream.of("begun", "applied 1", "applied"),
                            IntStream.rangeClosed(1, 6).mapToObj(i -> "prepared " + i),
                            Stream.of("decided"),
                            IntStream.rangeClosed(1, 6).mapToObj(i -> "committed " + i))
                    .flatMap(points -> points)
                    .toList();

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = SqlCluster.start(directory);
    }

    @AfterAll
    static void endCluster() {
        cluster.close();
    }

    static Stream<Arguments> all() {
        return POINTS.stream()
                .flatMap(
                        point ->
                                Stream.of(Victim.values())
                                        .map(victim -> Arguments.of(point, victim)));
    }

    static Stream<Arguments> some() {
        return Stream.of(
                Arguments.of("begun", Victim.BACKEND_ENDED),
                Arguments.of("applied 1", Victim.DATANODE),
                Arguments.of("prepared 1", Victim.COORDINATOR),
                Arguments.of("prepared 4", Victim.GTM),
                Arguments.of("prepared 6", Victim.BACKEND_KILLED),
                Arguments.of("decided", Victim.COORDINATOR),
                Arguments.of("decided", Victim.DATANODE),
                Arguments.of("committed 2", Victim.GTM));
    }

    @ParameterizedTest
    @MethodSource("some")
    void allNodesEndAlike(String point, Victim victim) throws Exception {
        crash(point, victim);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("all")
    void allNodesEndAlikeWhateverDiesAtWhicheverPoint(String point, Victim victim)
            throws Exception {
        crash(point, victim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"applied 1", "prepared 5"})
    void isGivenUpWhenAskedToWhileANodeHangs(String point) throws Exception {
        String table = "hung_" + ++round;
        ExecutorService clients = Executors.newSingleThreadExecutor();
        List<String> hung = serverOf("data_3");
        try (Session gate = cluster.superuser("coord_1");
                Session caller = cluster.app("coord_1")) {
            gate.run("SELECT pg_advisory_lock(30828, 2)");
            caller.run("SET xl.pause_at = '" + point + "'");
            long backend = caller.number("SELECT pg_backend_pid()");
            Future<Boolean> call = clients.submit(createTable(caller, table));
            await().atMost(SqlCluster.LONG).until(() -> waits(gate, backend));
            hung = serverOf("data_3");
            signal("-STOP", hung);
            gate.run("SELECT pg_advisory_unlock(30828, 2)");
            await().atMost(SqlCluster.LONG).until(() -> sleeps(gate, backend));
            gate.run("SELECT pg_cancel_backend(" + backend + ")");
            assertThat(call.get(SqlCluster.LONG.toSeconds(), TimeUnit.SECONDS)).isFalse();
            assertThat(caller.number("SELECT 1")).isEqualTo(1);
        } finally {
            signal("-CONT", hung);
            clients.shutdownNow();
        }
        await().atMost(SqlCluster.LONG)
                .untilAsserted(() -> assertThat(Definitions.leftovers(cluster)).isEmpty());
        assertThat(allAlike(table)).isFalse();
        nextDdlWorks(table);
    }

    /** Else a node that has joined meanwhile would be left out, and nobody would be told. */
    @Test
    void isRefusedWhereTheTopologyChangesAfterItChoseItsNodes() throws Exception {
        ExecutorService clients = Executors.newSingleThreadExecutor();
        try (Session gate = cluster.superuser("coord_1");
                Session caller = cluster.app("coord_1")) {
            gate.run("SELECT pg_advisory_lock(30828, 2)");
            caller.run("SET xl.pause_at = 'begun'");
            long backend = caller.number("SELECT pg_backend_pid()");
            Future<Session.Refusal> call =
                    clients.submit(() -> caller.ddlRefusal("CREATE SCHEMA overtaken"));
            await().atMost(SqlCluster.LONG).until(() -> waits(gate, backend));
            onAllNodes(
                    "INSERT INTO pg_catalog.xl_node SELECT max(ordinal) + 1, 'data_9', 'D', 5432,"
                            + " '192.0.2.9', false FROM pg_catalog.xl_node");
            gate.run("SELECT pg_advisory_unlock(30828, 2)");

            assertThat(call.get(SqlCluster.LONG.toSeconds(), TimeUnit.SECONDS).message())
                    .contains("knows other members of the cluster");
        } finally {
            clients.shutdownNow();
            onAllNodes("DELETE FROM pg_catalog.xl_node WHERE node_name = 'data_9'");
        }
        assertThat(Definitions.leftovers(cluster)).isEmpty();
    }

    /** The agent of a node asks again and again: each time would cost it one more backend. */
    @Test
    void whatIsLeftIsNotAskedAboutForEver() throws Exception {
        try (Session gtm = cluster.superuser(SqlCluster.GTM);
                Session node = cluster.superuser("data_1")) {
            gtm.run("BEGIN", "LOCK TABLE xl.ddl");
            node.run("BEGIN", "PREPARE TRANSACTION 'xl_ddl_987654'");
            try {
                assertThat(node.refusal("SELECT * FROM xl.leftovers()").message())
                        .isEqualTo("the GTM: no answer after 00:00:10");
                gtm.run("ROLLBACK");
                assertThat(node.refusal("SELECT * FROM xl.leftovers()").message())
                        .contains("no record of the prepared transaction xl_ddl_987654");
            } finally {
                node.run("ROLLBACK PREPARED 'xl_ddl_987654'");
            }
        }
    }

    private static void onAllNodes(String statement) throws SQLException {
        for (String node : SqlCluster.NODES) {
            try (Session session = cluster.superuser(node)) {
                session.run(statement);
            }
        }
    }

    /** The processes of a node's server, its postmaster first. */
    private static List<String> serverOf(String node) throws SQLException {
        ProcessHandle postmaster =
                ProcessHandle.of(cluster.kept(node).number("SELECT pg_backend_pid()"))
                        .flatMap(ProcessHandle::parent)
                        .orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(process -> String.valueOf(process.pid()))
                .toList();
    }

    private static void signal(String signal, List<String> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        command.addAll(processes);
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static boolean sleeps(Session gate, long backend) throws SQLException {
        return !gate.rows(
                        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = "
                                + backend)
                .isEmpty();
    }

    private void crash(String point, Victim victim) throws Exception {
        String table = "crashed_" + ++round;
        ExecutorService clients = Executors.newSingleThreadExecutor();
        try (Session gate = cluster.superuser("coord_1");
                Session caller = cluster.app("coord_1")) {
            gate.run("SELECT pg_advisory_lock(30828, 2)");
            caller.run("SET xl.pause_at = '" + point + "'");
            long backend = caller.number("SELECT pg_backend_pid()");
            Future<Boolean> call = clients.submit(createTable(caller, table));
            await().atMost(SqlCluster.LONG).until(() -> waits(gate, backend));
            strike(victim, gate, backend);
            if (victim != Victim.COORDINATOR && victim != Victim.BACKEND_KILLED) {
                gate.run("SELECT pg_advisory_unlock(30828, 2)");
            }
            boolean done = call.get(SqlCluster.LONG.toSeconds(), TimeUnit.SECONDS);
            revive(victim);

            await().atMost(SqlCluster.LONG)
                    .untilAsserted(() -> assertThat(Definitions.leftovers(cluster)).isEmpty());
            boolean exists = allAlike(table);
            if (done) {
                assertThat(exists).as("it was confirmed").isTrue();
            }
            if (decided(point)) {
                assertThat(exists).as("it was decided").isTrue();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("the call ended otherwise than by its server", e);
        } finally {
            clients.shutdownNow();
        }
        nextDdlWorks(table);
    }

    private static boolean decided(String point) {
        return point.equals("decided") || point.startsWith("committed");
    }

    private static Callable<Boolean> createTable(Session caller, String table) {
        return () -> {
            try {
                caller.createTable(
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, v text UNIQUE)",
                        "replication");
                return true;
            } catch (SQLException e) {
                return false;
            }
        };
    }

    private static boolean waits(Session gate, long backend) throws SQLException {
        return !gate.rows(
                        "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND pid = "
                                + backend)
                .isEmpty();
    }

    private static void strike(Victim victim, Session gate, long backend) throws Exception {
        switch (victim) {
            case BACKEND_ENDED -> gate.run("SELECT pg_terminate_backend(" + backend + ")");
            case BACKEND_KILLED -> ProcessHandle.of(backend).orElseThrow().destroyForcibly();
            case COORDINATOR -> cluster.kill("coord_1");
            case OTHER_COORDINATOR -> cluster.kill("coord_2");
            case DATANODE -> cluster.kill("data_2");
            case GTM -> cluster.kill(SqlCluster.GTM);
        }
    }

    private static void revive(Victim victim) throws Exception {
        switch (victim) {
            case BACKEND_ENDED -> {}
            case BACKEND_KILLED -> cluster.awaitAnswer("coord_1");
            case COORDINATOR -> cluster.start("coord_1");
            case OTHER_COORDINATOR -> cluster.start("coord_2");
            case DATANODE -> cluster.start("data_2");
            case GTM -> cluster.start(SqlCluster.GTM);
        }
    }

    /** Whether the table is there, on every node or on none. */
    private static boolean allAlike(String table) throws SQLException {
        Map<String, List<String>> definitions = Definitions.ofEachNode(cluster);
        List<String> first = definitions.get(SqlCluster.NODES.get(0));
        definitions.forEach((node, found) -> assertThat(found).as(node).isEqualTo(first));
        return first.stream().anyMatch(line -> line.contains("|" + table + "|"));
    }

    private static void nextDdlWorks(String table) throws SQLException {
        try (Session session = cluster.app("coord_3")) {
            session.ddl("DROP TABLE IF EXISTS " + table);
            session.createTable("CREATE TABLE afterwards (id int PRIMARY KEY)", "hash(id)", 3);
            session.run("INSERT INTO afterwards SELECT generate_series(1, 10)");
        }
        try (Session session = cluster.app("coord_1")) {
            assertThat(session.number("SELECT count(*) FROM afterwards")).isEqualTo(10);
            session.ddl("DROP TABLE afterwards");
        }
        assertThat(allAlike(table)).isFalse();
    }
}
