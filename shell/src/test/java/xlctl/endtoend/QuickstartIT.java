package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One life of a quickstart, with the commands that the README tells a reader to paste. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartIT {
    private static final String RUNNING =
            """
            Running: gtm master
            Running: coordinator master coord_m_1
            Running: datanode master data_m_1
            Running: coordinator master coord_m_2
            Running: datanode master data_m_2
            Running: coordinator master coord_m_3
            Running: datanode master data_m_3
            """;

    private Path work;
    private QuickstartCluster cluster;
    private Outcome up;

    @BeforeAll
    void follow(@TempDir(factory = ShortPath.class) Path directory) throws Exception {
        work = directory;
        cluster = QuickstartCluster.in(work);
        up = cluster.paste(Readme.block("quickstart"));
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void makesSevenMembersFromNothing() {
        up.exits(0);

        assertThat(up.out()).contains(RUNNING);
    }

    @Test
    @Order(2)
    void showsTheCatalogWithTheNodeIdsOfTheOriginal() {
        assertThat(
                        up.out()
                                .lines()
                                .filter(line -> line.matches(" (coord|data)_m_\\d +\\| [CD] .*")))
                .extracting(line -> line.replace(" ", ""))
                .containsExactly(
                        "coord_m_1|C|5432|127.0.1.2|f|f|767536994",
                        "data_m_1|D|5432|127.0.1.3|f|f|3954295",
                        "coord_m_2|C|5432|127.0.1.4|f|f|752803535",
                        "data_m_2|D|5432|127.0.1.5|f|f|1425277018",
                        "coord_m_3|C|5432|127.0.1.6|f|f|-2069407832",
                        "data_m_3|D|5432|127.0.1.7|f|f|686298590");
    }

    @Test
    @Order(2)
    void loadsATableAndCountsItThroughAnotherCoordinator() {
        assertThat(up.out())
                .contains("INSERT 0 100000", "On 127.0.1.6:5432: SELECT count(*) FROM sample;");
        assertThat(up.out().lines().filter(line -> line.matches(" data_m_\\d +\\| \\d+")))
                .hasSize(3)
                .extracting(line -> Integer.parseInt(line.split("\\| ")[1]))
                .allMatch(rows -> rows > 10_000)
                .satisfies(
                        rows ->
                                assertThat(rows.stream().mapToInt(each -> each).sum())
                                        .isEqualTo(100_000));
    }

    @Test
    @Order(3)
    void saysHowToConnectInALineThatWorksAsPasted() throws Exception {
        String line = told("Connect:") + " -XAtc 'SELECT 1'";

        Outcome answer = cluster.paste(line).exits(0);

        assertThat(answer.out()).isEqualTo("1\n");
    }

    @Test
    @Order(4)
    void connectsAPersonAsNoSuperuserWithAPasswordFileOfTheirOwn() throws Exception {
        assertThat(cluster.sql(2, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("f");
        assertThat(mode(cluster.home().resolve("pgpass"))).isEqualTo("rw-------");
        assertThat(mode(cluster.home().resolve("ssh-key"))).isEqualTo("rw-------");
        assertThat(mode(cluster.home().resolve("zookeeper-identity"))).isEqualTo("rw-------");
    }

    @Test
    @Order(5)
    void takesTheSqlThatTheDocumentationShowsAndRefusesWhatItSaysIsRefused() throws Exception {
        String pasted = Readme.sql();
        Path file = Files.writeString(work.resolve("pasted.sql"), pasted);

        Outcome answers = cluster.psql(2, "-q", "-f", file.toString()).end().exits(0);

        assertThat(answers.err().lines().flatMap(QuickstartIT::error))
                .containsExactlyElementsOf(pasted.lines().flatMap(QuickstartIT::error).toList());
    }

    /** Without the number that partitions have in their names: it differs with what was before. */
    private static Stream<String> error(String line) {
        return line.contains("ERROR:  ")
                ? Stream.of(
                        line.substring(line.indexOf("ERROR:  ")).replaceAll("\\bt\\d+_p", "t_p"))
                : Stream.empty();
    }

    @Test
    @Order(5)
    void opensTheShellWithTheLineItSays() throws Exception {
        Outcome shell = cluster.paste("echo 'monitor all' | " + told("Open the shell:"));

        assertThat(shell.exits(0).out()).isEqualTo(RUNNING);
    }

    @Test
    @Order(6)
    void saysWhatIsThereWhenRunAgain() throws Exception {
        List<ProcessHandle> before =
                cluster.network().processes().stream()
                        .filter(process -> !isWithinAServer(process))
                        // A session that has just ended has no parent any more.
                        .filter(ProcessHandle::isAlive)
                        .toList();

        Outcome again = cluster.quickstart().exits(0);

        assertThat(again.out())
                .contains("is here already, with 7 nodes", RUNNING, "Connect:", "Take it down:")
                .contains(" 100000\n")
                .doesNotContain("INSERT", "Starting", "Running the commands");
        assertThat(cluster.network().processes()).containsAll(before);
    }

    @Test
    @Order(7)
    void doesNotBringBackAMemberThatWasRemoved() throws Exception {
        cluster.xlctl("remove", "coordinator", "master", "coord_m_3", "clean").exits(0);

        Outcome again = cluster.quickstart().exits(0);

        assertThat(again.out())
                .contains("is here already, with 6 nodes")
                .doesNotContain("coord_m_3", "Running the commands");
    }

    @Test
    @Order(8)
    void isTakenDownWithoutATraceWhileWhatIsNotItsOwnStays() throws Exception {
        Path note = Files.writeString(cluster.home().resolve("note.txt"), "mine");
        Path data = Files.createDirectory(work.resolve("foreign"));
        Path postgres = Postgres.programs().resolve("postgres");
        cluster.network()
                .run(Postgres.programs().resolve("initdb").toString(), "-N", "-D", data.toString())
                .exits(0);
        cluster.network()
                .start(
                        "setsid",
                        postgres.toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        "5444",
                        "-k",
                        data.toString())
                .awaitProgress("ready to accept connections");
        cluster.killAgent(4);
        cluster.startAgent(4);

        cluster.paste(Readme.block("quickstart-down")).exits(0);

        try (Stream<Path> left = Files.list(cluster.home())) {
            assertThat(left).containsExactly(note);
        }
        assertThat(
                        cluster.network()
                                .run(
                                        "psql",
                                        "-XAt",
                                        "-h",
                                        data.toString(),
                                        "-p",
                                        "5444",
                                        "-d",
                                        "postgres",
                                        "-c",
                                        "SELECT 1")
                                .exits(0)
                                .out())
                .isEqualTo("1\n");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(this::onlyTheForeignServerRuns);
    }

    /** Shown for a moment as well: a session of the server that has just ended, without a name. */
    private void onlyTheForeignServerRuns() {
        assertThat(cluster.network().processes())
                .allMatch(QuickstartIT::isPostgres)
                .filteredOn(process -> !isWithinAServer(process))
                .as("one server is left")
                .hasSize(1);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/bin/postgres");
    }

    /** Such as a session, which ends when its client does, or a little later. */
    private static boolean isWithinAServer(ProcessHandle process) {
        return process.parent().filter(QuickstartIT::isPostgres).isPresent();
    }

    private String told(String label) {
        return up.out()
                .lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError(label + " is not in " + up));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
