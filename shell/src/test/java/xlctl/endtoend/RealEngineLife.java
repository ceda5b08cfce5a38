package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import xlctl.topology.ClusterName;

/** One life of a quickstart on an engine whose nodes are one database. */
@Tag(RealEngine.TAG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class RealEngineLife {
    static final int PROXY = 50;
    static final String RUNNING =
            """
            Running: gtm master
            Running: coordinator master coord_m_1
            Running: datanode master data_m_1
            Running: coordinator master coord_m_2
            Running: datanode master data_m_2
            Running: coordinator master coord_m_3
            Running: datanode master data_m_3
            """;

    private static final int ROWS = 10_000;
    static final int[] COORDINATORS = {2, 4, 6};
    private static final int[] DATANODES = {3, 5, 7};
    static final String NODES =
            "SELECT node_name, node_type, node_port, node_host FROM pgxc_node"
                    + " WHERE node_type IN ('C', 'D') ORDER BY node_name";
    static final String[] SIX = {
        "coord_m_1|C|5432|127.0.1.2",
        "coord_m_2|C|5432|127.0.1.4",
        "coord_m_3|C|5432|127.0.1.6",
        "data_m_1|D|5432|127.0.1.3",
        "data_m_2|D|5432|127.0.1.5",
        "data_m_3|D|5432|127.0.1.7"
    };

    QuickstartCluster cluster;
    private RealEngine engine;
    Path work;
    private Outcome up;

    abstract RealEngine engine();

    /** How a table says that its rows are spread over all datanodes. */
    abstract String distributed();

    @BeforeAll
    void bringUp(@TempDir(factory = ShortPath.class) Path directory) throws Exception {
        work = directory;
        engine = engine();
        cluster = QuickstartCluster.in(work, engine);
        up =
                cluster.quickstart(
                                "--engine",
                                engine.kind().word(),
                                "--engine-home",
                                engine.home().toString())
                        .exits(0);
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void makesSevenMembersFromNothing() throws Exception {
        assertThat(up.out()).contains(RUNNING, engine.program("psql"));
        assertThat(cluster.xlctl("monitor", "--deep", "all").exits(0).out()).isEqualTo(RUNNING);
    }

    @Test
    @Order(2)
    void listsTheSixNodesOnEachOfThem() throws Exception {
        assertThat(up.out().lines().filter(line -> line.matches(" (coord|data)_m_\\d .*")))
                .hasSize(6);
        for (int host : COORDINATORS) {
            assertThat(catalog(host, "coord")).as("coordinator on " + host).containsExactly(SIX);
        }
        for (int host : DATANODES) {
            assertThat(catalog(host, "data")).as("datanode on " + host).containsExactly(SIX);
        }
    }

    @Test
    @Order(10)
    void spreadsRowsOverAllDatanodes() throws Exception {
        cluster.sql(2, "CREATE TABLE spread (id int, what text) " + distributed());
        cluster.sql(4, "CREATE TABLE copied (id int, what text) DISTRIBUTE BY REPLICATION");

        for (String table : List.of("spread", "copied")) {
            cluster.sql(
                    2,
                    "INSERT INTO "
                            + table
                            + " SELECT i, 'row ' || i FROM generate_series(1, "
                            + ROWS
                            + ") i");
            for (int host : COORDINATORS) {
                assertThat(count(host, table)).as("through " + host).isEqualTo(ROWS);
            }
        }
        Map<String, Integer> perNode = new TreeMap<>();
        for (String row : lines(4, "SELECT xc_node_id, count(*) FROM spread GROUP BY xc_node_id")) {
            perNode.put(row.split("\\|")[0], Integer.parseInt(row.split("\\|")[1]));
        }
        assertThat(perNode.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        lines(4, "SELECT node_id FROM pgxc_node WHERE node_type = 'D'"));
        assertThat(perNode.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
    }

    @Test
    @Order(20)
    void givesAFourthCoordinatorTheDefinitionsThatAreThere() throws Exception {
        cluster.xlctl(
                        "add",
                        "coordinator",
                        "master",
                        "coord_m_4",
                        "127.0.1.1",
                        "5433",
                        "15433",
                        "coord",
                        "none",
                        "none")
                .exits(0);

        String fourth = "host=127.0.1.1 port=5433";
        assertThat(cluster.sqlAt(fourth, "SELECT count(*) FROM spread"))
                .isEqualTo(Integer.toString(ROWS));
        cluster.sqlAt(fourth, "INSERT INTO copied VALUES (0, 'through the fourth')");
        cluster.sqlAt(
                fourth,
                "INSERT INTO spread SELECT -i, 'through the fourth' FROM generate_series(1, "
                        + ROWS
                        + ") i");
        assertThat(count(2, "spread")).isEqualTo(2 * ROWS);
        cluster.sql(4, "DELETE FROM spread WHERE id < 0");
        cluster.sqlAt(fourth, "CREATE TABLE made_by_fourth (id int) " + distributed());
        assertThat(count(6, "copied")).isEqualTo(ROWS + 1);
        assertThat(count(6, "made_by_fourth")).isZero();
        cluster.sql(6, "DROP TABLE made_by_fourth");
        assertThat(cluster.xlctl("monitor", "--deep", "all").exits(0).out())
                .isEqualTo(RUNNING + "Running: coordinator master coord_m_4\n");

        cluster.xlctl("remove", "coordinator", "master", "coord_m_4", "clean").exits(0);
        cluster.awaitHealth();

        assertThat(cluster.data(1, "coord")).doesNotExist();
        assertThat(catalog(2, "coord")).containsExactly(SIX);
        assertThat(count(2, "spread")).isEqualTo(ROWS);
    }

    @Test
    @Order(30)
    void saysThatALaterDatanodeHoldsNoTables() throws Exception {
        cluster.xlctl(QuickstartCluster.datanode("data_m_4", 1, 5434)).exits(0);
        cluster.awaitHealth();

        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () ->
                                assertThat(cluster.xlctl("status").exits(0).out().lines())
                                        .anyMatch(
                                                line ->
                                                        line.startsWith(
                                                                "    note: holds no rows: ")));
        assertThat(count(4, "spread")).isEqualTo(ROWS);
        writesThroughEveryCoordinator();

        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
        cluster.awaitHealth();
        assertThat(catalog(2, "coord")).containsExactly(SIX);
    }

    @Test
    @Order(40)
    void refusesToRemoveADatanodeThatHoldsTables() throws Exception {
        Outcome refused =
                cluster.xlctl("remove", "datanode", "master", "data_m_2", "clean").exits(4);

        assertThat(refused.err()).contains("postgres.public.copied", "postgres.public.spread");
        assertThat(count(2, "spread")).isEqualTo(ROWS);
    }

    @Test
    @Order(60)
    void stopsAndStartsAll() throws Exception {
        cluster.xlctl("stop", "all").exits(0);
        assertThat(cluster.xlctl("monitor", "all").exits(1).out().lines())
                .hasSize(7)
                .allMatch(line -> line.startsWith("Not running: "));

        cluster.xlctl("start", "all").exits(0);

        assertThat(cluster.xlctl("monitor", "--deep", "all").exits(0).out()).isEqualTo(RUNNING);
        ProcessHandle gtm = gtm();
        cluster.xlctl("start", "all").exits(0);
        assertThat(gtm()).isEqualTo(gtm);
        assertThat(count(4, "spread")).isEqualTo(ROWS);
        writesThroughEveryCoordinator();
    }

    @Test
    @Order(70)
    void bringsBackADatanodeWhosePostmasterWasKilled() throws Exception {
        ProcessHandle before = cluster.server(5, "data");
        cluster.kill(before);

        cluster.awaitHealth();

        assertThat(cluster.server(5, "data")).isNotEqualTo(before);
        assertThat(count(2, "spread")).isEqualTo(ROWS);
        cluster.xlctl("monitor", "--deep", "all").exits(0);
        writesThroughEveryCoordinator();
    }

    @Test
    @Order(80)
    void namesTheCoordinatorThroughWhichReadsWorkAndWritesFail() throws Exception {
        Path files = filesOfDatabase(4);
        permissions(files, "r-x------");
        Outcome deep;
        try {
            deep = cluster.xlctl("monitor", "--deep", "all");
        } finally {
            permissions(files, "rwx------");
        }

        deep.exits(1);
        assertThat(deep.out()).isEqualTo(RUNNING);
        assertThat(deep.err())
                .startsWith("Warning: coordinator master coord_m_2: reads work, writes fail: ");
        assertThat(deep.err().lines()).hasSize(1);
        cluster.xlctl("monitor", "--deep", "all").exits(0);
    }

    @Test
    @Order(81)
    void namesEveryCoordinatorWhileADatanodeIsDown() throws Exception {
        cluster.xlctl("stop", "datanode", "data_m_3").exits(0);

        Outcome deep = cluster.xlctl("monitor", "--deep", "coordinator").exits(1);

        assertThat(deep.out().lines()).allMatch(line -> line.startsWith("Running: coordinator"));
        assertThat(deep.err().lines().filter(line -> line.startsWith("Warning: coordinator ")))
                .hasSize(3)
                .allMatch(line -> line.contains("data_m_3"));
        cluster.xlctl("start", "datanode", "data_m_3").exits(0);
        cluster.awaitHealth();
        cluster.xlctl("monitor", "--deep", "all").exits(0);
    }

    @Test
    @Order(82)
    void leavesSecretsNowhereButInFilesThatAreThereForThem() throws Exception {
        Path password = Files.writeString(work.resolve("pw"), "of-bob-alone\n");
        permissions(password, "rw-------");
        cluster.xlctl("createuser", "bob", "--password-file", password.toString()).exits(0);
        Files.delete(password);
        List<Path> files = KnownSecrets.files(cluster.home());
        Path backup = work.resolve("backup");
        cluster.xlctl("backup", backup.toString()).exits(0);
        KnownSecrets secrets =
                new KnownSecrets()
                        .with("a user's password", "of-bob-alone")
                        .withIdentity(cluster.home().resolve("zookeeper-identity"))
                        .withBackupOfPasswords(
                                backup, new ClusterName(engine.kind().word() + "-1"));

        assertThat(secrets.outOfPlace(files, work)).isEmpty();
        assertThat(secrets.in(up.toString())).isEmpty();
        cluster.sqlOfSuperuser(cluster.data(2, "coord"), "DROP USER bob");
    }

    @Test
    @Order(85)
    void sendsToTheGtmFirstWhileItDoesNotRun() throws Exception {
        cluster.xlctl("stop", "gtm").exits(0);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(cluster.xlctl("status").exits(1).out().lines())
                                        .filteredOn(line -> line.contains("see to gtm_m_1 first"))
                                        .hasSize(6));
        cluster.xlctl("start", "gtm").exits(0);
        cluster.awaitHealth();
    }

    @Test
    @Order(90)
    void saysWhatIsThereWhenRunAgain() throws Exception {
        Outcome again = cluster.quickstart().exits(0);

        assertThat(again.out())
                .contains("is here already, with 7 nodes", RUNNING)
                .doesNotContain("Starting", "Running the commands");
        assertThat(cluster.quickstart("--engine", "postgresql").exits(4).err())
                .contains("was made with the engine " + engine.kind());
    }

    @Test
    @Order(100)
    void isTakenDownWithoutATrace() throws Exception {
        cluster.quickstart("--down").exits(0);

        assertThat(cluster.home()).doesNotExist();
        assertThat(cluster.network().processes()).isEmpty();
    }

    /** A row through each, and none is lost. */
    void writesThroughEveryCoordinator() throws Exception {
        int before = count(2, "copied");
        for (int host : COORDINATORS) {
            cluster.sql(host, "INSERT INTO copied VALUES (" + host + ", 'later')");
        }
        for (int host : COORDINATORS) {
            assertThat(count(host, "copied")).isEqualTo(before + COORDINATORS.length);
        }
    }

    /** Where one coordinator makes the files of new tables. */
    private Path filesOfDatabase(int host) throws Exception {
        Path data = cluster.data(host, "coord");
        String oid =
                cluster.sqlOfSuperuser(
                        data, "SELECT oid FROM pg_database WHERE datname = 'postgres'");
        return data.resolve("base").resolve(oid);
    }

    private static void permissions(Path directory, String permissions) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    private List<String> catalog(int host, String directory) throws Exception {
        return cluster.sqlOfSuperuser(cluster.data(host, directory), NODES).lines().toList();
    }

    private int count(int host, String table) throws Exception {
        return Integer.parseInt(cluster.sql(host, "SELECT count(*) FROM " + table));
    }

    private List<String> lines(int host, String statement) throws Exception {
        return cluster.sql(host, statement).lines().toList();
    }

    private ProcessHandle gtm() {
        List<ProcessHandle> found =
                cluster.network().processes().stream().filter(RealEngineLife::isGtm).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static boolean isGtm(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe"))
                    .endsWith("gtm");
        } catch (IOException e) {
            return false;
        }
    }
}
