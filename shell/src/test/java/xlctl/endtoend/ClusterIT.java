package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person and a script rely on every day. */
class ClusterIT extends SharedCluster {
    @Test
    void keepsServersAndSessionsWhenAnAgentIsKilled() throws Exception {
        ProcessHandle server = cluster.server(2, "coord");
        RunningProgram session = cluster.psql(2);
        session.type("SELECT 'before ' || pg_backend_pid();");
        session.awaitOutput("before");

        cluster.killAgent(2);
        Outcome monitored = cluster.xlctl("monitor", "all").exits(1);
        cluster.startAgent(2);
        cluster.awaitHealth();

        assertThat(monitored.out()).contains("Running: coordinator master coord_m_1\n");
        assertThat(monitored.err())
                .startsWith("Warning: coordinator master coord_m_1: the agent of host 127.0.1.2");
        assertThat(cluster.server(2, "coord")).isEqualTo(server);
        session.type("SELECT 'after ' || pg_backend_pid();");
        assertThat(session.end().exits(0).out()).matches("before (\\d+)\nafter \\1\n");
    }

    /** An archive that does not fit is passed over by the JVM without a word. */
    @Test
    void runsItsAgentsFromTheArchiveOfClassesThatTheBuildMade() throws Exception {
        List<Path> agents =
                cluster.network().processes().stream()
                        .map(process -> Path.of("/proc/" + process.pid()))
                        .filter(ClusterIT::isAgent)
                        .toList();

        assertThat(agents).hasSize(7);
        for (Path agent : agents) {
            assertThat(agent.resolve("maps")).content().contains("classes.jsa");
        }
    }

    private static boolean isAgent(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).contains("xlctl.agent.Main");
        } catch (IOException endedMeanwhile) {
            return false;
        }
    }

    @Test
    void bringsACoordinatorThatWasAwayUpToDateByItself() throws Exception {
        cluster.killAgent(4);
        cluster.xlctl(QuickstartCluster.datanode("data_m_4", 3, 5433)).exits(0);

        assertThat(cluster.catalog(4)).isEqualTo(SEVEN);
        Outcome status = cluster.xlctl("status").exits(1);
        assertThat(status.out().lines())
                .anyMatch(line -> line.matches("coord_m_2 .* answers +(\\?|at \\d+)"))
                .anyMatch(line -> line.matches("coord_m_1 .* current"));

        cluster.startAgent(4);
        cluster.awaitCatalog(4, SEVEN + " data_m_4");
        cluster.awaitHealth();
        assertThat(cluster.xlctl("status").exits(0).out()).doesNotContain(" ? ", " at ");

        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
        cluster.awaitCatalog(4, SEVEN);
        assertThat(cluster.data(3, "data_m_4")).doesNotExist();
    }

    @Test
    void carriesTheLinesOfConfAndHbaFilesToTheServer() throws Exception {
        cluster.file("extra.conf", "work_mem = 7MB");
        cluster.file("extra.hba", "host all app 10.11.12.0/24 scram-sha-256");

        cluster.xlctl(
                        "add",
                        "datanode",
                        "master",
                        "data_m_5",
                        "127.0.1.5",
                        "5433",
                        "none",
                        "data_m_5",
                        "none",
                        "extra.conf",
                        "extra.hba")
                .exits(0);

        assertThat(cluster.sqlOfSuperuser(cluster.data(5, "data_m_5"), "SHOW work_mem"))
                .isEqualTo("7MB");
        assertThat(
                        cluster.sqlOfSuperuser(
                                cluster.data(5, "data_m_5"),
                                "SELECT count(*) FROM pg_hba_file_rules"
                                        + " WHERE address = '10.11.12.0' AND error IS NULL"))
                .isEqualTo("1");
        cluster.xlctl("remove", "datanode", "master", "data_m_5", "clean").exits(0);
    }

    @Test
    void namesTheCoordinatorsThroughWhichADatanodeIsNotReached() throws Exception {
        cluster.xlctl("monitor", "--deep", "all").exits(0);
        cluster.xlctl("stop", "data_m_2").exits(0);

        Outcome deep = cluster.xlctl("monitor", "--deep", "coordinator").exits(1);

        assertThat(deep.out())
                .isEqualTo(
                        """
                        Running: coordinator master coord_m_1
                        Running: coordinator master coord_m_2
                        Running: coordinator master coord_m_3
                        """);
        assertThat(deep.err().lines())
                .hasSize(3)
                .allMatch(line -> line.contains(": reads fail, writes work: "))
                .anyMatch(line -> line.startsWith("Warning: coordinator master coord_m_2: "));
        cluster.xlctl("start", "data_m_2").exits(0);
        cluster.awaitHealth();
    }

    @Test
    void showsThatNoHostReachesAServerThatIsFrozen() throws Exception {
        assertThat(cluster.xlctl("host", "matrix").exits(0).out())
                .contains("49 of 49 pairs of hosts are open.");
        ProcessHandle server = cluster.server(3, "data");

        cluster.freeze(server);
        Outcome matrix;
        try {
            matrix = cluster.xlctl("host", "matrix");
        } finally {
            cluster.thaw(server);
        }

        matrix.exits(1);
        assertThat(matrix.out().lines().filter(line -> line.contains(" does not reach ")))
                .hasSize(7)
                .allMatch(line -> line.contains(" does not reach data_m_1 on 127.0.1.3:5432: "));
        cluster.awaitHealth();
    }

    @Test
    void makesADatabaseThatEveryCoordinatorServesOnceItIsSaidToBeDone() throws Exception {
        cluster.xlctl("Createdb", "-", "coord_m_2", "My \"shop\"; x").exits(0);

        cluster.xlctl(
                        "psql",
                        "-",
                        "coord_m_1",
                        "-d",
                        "My \"shop\"; x",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-c",
                        "CALL xl.create_table('CREATE TABLE \"T\" (a int, b int)', 'hash(a)')",
                        "-c",
                        "INSERT INTO \"T\" SELECT n, n FROM generate_series(1, 1000) n")
                .exits(0);
        for (String coordinator : List.of("coord_m_2", "coord_m_3")) {
            assertThat(
                            cluster.xlctl(
                                            "psql",
                                            "-",
                                            coordinator,
                                            "-XAtd",
                                            "My \"shop\"; x",
                                            "-c",
                                            "SELECT count(*), sum(b), count(DISTINCT node_id)"
                                                    + " FROM \"T\", pgxc_node")
                                    .exits(0)
                                    .out())
                    .isEqualTo("6000|3003000|6\n");
        }
        assertThat(
                        cluster.xlctl("show", "resource", "datanode", "data_m_2", "My \"shop\"; x")
                                .exits(0)
                                .out())
                .containsPattern("public +T +Hash +a +data_m_2 +11 ");
        Outcome again = cluster.xlctl("Createdb", "My \"shop\"; x").exits(4);
        assertThat(again.err().lines().filter(line -> line.startsWith("  - "))).hasSize(1);
        cluster.xlctl("Createdb", "other", "--owner", "nobody").exits(4);
        assertThat(cluster.sql(4, "SELECT string_agg(datname, ' ') FROM pg_database"))
                .doesNotContain("other", "xlctl_making");
    }

    @Test
    void makesARoleWhosePasswordWorksThroughEveryCoordinator() throws Exception {
        cluster.file("password", "a pass'word");

        cluster.xlctl("Createuser", "O'Hara", "--createdb", "--password-file", "password").exits(0);

        for (int host : List.of(2, 4, 6)) {
            assertThat(
                            cluster.sqlAt(
                                    "host=127.0.1."
                                            + host
                                            + " user='O\\'Hara' password='a pass\\'word'"
                                            + " passfile=/dev/null",
                                    "SELECT current_user"))
                    .isEqualTo("O'Hara");
        }
        assertThat(
                        cluster.xlctl("Createuser", "O'Hara", "--password-file", "password")
                                .exits(1)
                                .err())
                .contains("already exists");
        assertThat(cluster.xlctl("psql", "-c", "SELECT 1/0").exits(1).err())
                .contains("division by zero");
    }

    @Test
    void changesNothingOnADryRun() throws Exception {
        String before = cluster.xlctl("operation", "list").exits(0).out();

        Outcome plan = cluster.xlctl(dry(QuickstartCluster.datanode("data_m_6", 3, 5434))).exits(0);

        assertThat(plan.out()).contains("data_m_6 on 127.0.1.3", "commit point");
        assertThat(cluster.xlctl("operation", "list").exits(0).out()).isEqualTo(before);
        assertThat(cluster.data(3, "data_m_6")).doesNotExist();
        assertThat(cluster.catalog(2)).isEqualTo(SEVEN);
    }

    @Test
    void refusesWordsThatAreNoCommand() throws Exception {
        assertThat(cluster.xlctl("monitr", "all").exits(2).err()).contains("monitor");
        assertThat(cluster.xlctl("add", "datanode", "master").exits(2).err()).contains("NAME");
    }

    @Test
    void saysWithinSecondsThatZooKeeperDoesNotAnswer() throws Exception {
        Instant begun = Instant.now();

        Outcome outcome = cluster.xlctl("--zookeeper", "127.0.0.9:2181", "monitor", "all").exits(3);

        assertThat(outcome.err()).contains("127.0.0.9:2181");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }

    private static String[] dry(String[] words) {
        String[] all = new String[words.length + 1];
        all[0] = "--dry-run";
        System.arraycopy(words, 0, all, 1, words.length);
        return all;
    }
}
