package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import xlctl.shell.terminal.PseudoTerminal;
import xlctl.topology.ClusterName;

/**
 * A life of a cluster, on whose servers every statement is logged, and then a search of all that it
 * left, said and showed meanwhile for each of its secrets.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
    private static final String CHOSEN = "chosen-by-a-person-0815";
    private static final String TYPED = "typed-by-a-person-4711";
    private static final String ENVIRONMENT = "PLANTED=in-an-environment-2342";
    private static final ClusterName CLUSTER = new ClusterName("postgresql-1");
    private static final List<String> READINGS =
            List.of(
                    "status",
                    "monitor all",
                    "monitor all --deep",
                    "show config all",
                    "show resource datanode data_m_1 postgres",
                    "host list",
                    "host matrix",
                    "operation list",
                    "operation show 1",
                    "config show",
                    "history");

    private final List<Outcome> said = new ArrayList<>();
    private final KnownSecrets secrets = new KnownSecrets();

    /** The passwords before they were replaced, and what servers had of them. */
    private final KnownSecrets replaced = new KnownSecrets();

    /** Files, before this test itself brings out secrets. */
    private final List<Path> left = new ArrayList<>();

    private Path work;
    private QuickstartCluster cluster;
    private ProcessSampler processes;
    private RunningProgram activity;

    @BeforeAll
    void live(@TempDir(factory = ShortPath.class) Path directory) throws Exception {
        work = directory;
        cluster = QuickstartCluster.in(work);
        processes = ProcessSampler.start();
        said.add(cluster.quickstart().exits(0));
        logEverything();
        activity = watchActivity();
        grow();
        rotate();
        fail();
        read();
        said.add(cluster.xlctl("report", work.resolve("report.zip").toString()).exits(0));
        typeAtAPrompt();
        shrink();
        undo();
        loseTheRecords();
        activity.kill();
        plantInAnEnvironment();
        left.addAll(KnownSecrets.files(work));
        collectSecrets();
        processes.end();
    }

    @AfterAll
    void end() throws Exception {
        if (processes != null) {
            processes.end();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void knowsTheSecretsOfEveryKind() {
        assertThat(secrets.count("the superuser's password")).isEqualTo(2);
        assertThat(secrets.count("the internal roles' password")).isEqualTo(2);
        assertThat(secrets.count("the monitor's password")).isEqualTo(2);
        assertThat(secrets.count("the client's password")).isEqualTo(2);
        assertThat(secrets.count("the CA's key")).isEqualTo(1);
        assertThat(secrets.count("the identity in")).isEqualTo(2);
        assertThat(secrets.count("the key in")).isGreaterThan(14);
        assertThat(secrets.count("the former key of the shell")).isPositive();
        assertThat(secrets.count("a stored key of")).isGreaterThan(8);
        assertThat(secrets.count("a server key of")).isGreaterThan(8);
    }

    @Test
    void passwordsThatWereReplacedAreKeptNowhere() throws Exception {
        assertThat(replaced.count("")).isGreaterThan(10);
        for (Path file : left) {
            if (Files.exists(file) && !KnownSecrets.isInADatabase(file)) {
                assertThat(replaced.in(file)).as("%s", file).isEmpty();
            }
        }
        assertThat(replaced.in(records())).isEmpty();
    }

    @Test
    void findsAPlantedSecretInEachKindOfPlace() throws Exception {
        KnownSecrets planted = new KnownSecrets().with("planted", "postgresql-1");
        KnownSecrets inEnvironment = new KnownSecrets().with("planted", ENVIRONMENT);

        assertThat(inEnvironment.in(String.join("\n", processes.seen()))).isNotEmpty();
        assertThat(planted.in(records())).isNotEmpty();
        assertThat(planted.in(said.toString())).isNotEmpty();
        assertThat(new KnownSecrets().with("planted", "sample_growth").in(serverLogs()))
                .isNotEmpty();
        Path file = cluster.file("planted.txt", "before " + CHOSEN + " after");
        left.add(file);
        assertThat(secrets.outOfPlace(left, work))
                .singleElement()
                .asString()
                .contains("planted.txt", "a chosen password");
        left.remove(file);
    }

    @Test
    void processesShowNone() {
        assertThat(processes.seen())
                .hasSizeGreaterThan(50)
                .allSatisfy(text -> assertThat(secrets.in(text)).as(text).isEmpty());
    }

    @Test
    void whatIsTypedUnseenIsKeptNowhere() throws Exception {
        KnownSecrets typed = new KnownSecrets().with("a typed password", TYPED);

        for (Path file : left) {
            assertThat(Files.exists(file) ? typed.in(file) : List.of()).as("%s", file).isEmpty();
        }
        assertThat(typed.in(records())).isEmpty();
    }

    @Test
    void theShellSaysNone() {
        assertThat(said)
                .allSatisfy(outcome -> assertThat(secrets.in(outcome.toString())).isEmpty());
    }

    @Test
    void aReportHasNone() throws Exception {
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(work.resolve("report.zip").toFile())) {
            for (ZipEntry entry : zip.stream().toArray(ZipEntry[]::new)) {
                names.add(entry.getName());
                try (InputStream in = zip.getInputStream(entry)) {
                    assertThat(secrets.in(new String(in.readAllBytes(), UTF_8)))
                            .as(entry.getName())
                            .isEmpty();
                }
            }
        }
        assertThat(names)
                .contains("xlctl-report/status.json", "xlctl-report/operations/1.json")
                .anyMatch(name -> name.matches(".*/logs/127.0.1.2/agent/.*"))
                .anyMatch(name -> name.matches(".*/logs/127.0.1.2/coord_m_1.*/postgresql-.*"))
                .anyMatch(name -> name.matches(".*/logs/127.0.1.7/data_m_3.*/postgresql-.*"));
    }

    @Test
    void noRecordButTheSecretsHasOne() throws Exception {
        List<String> records = records().lines().toList();

        assertThat(records)
                .filteredOn(record -> !secrets.in(record).isEmpty())
                .singleElement()
                .asString()
                .startsWith("/xlctl/postgresql-1/secrets = ");
        assertThat(records).anyMatch(record -> record.contains("/operations/"));
    }

    @Test
    void noFileHasOneThatIsNotMeantToAndItsOwnersAlone() throws Exception {
        assertThat(secrets.outOfPlace(left, work)).isEmpty();
    }

    @Test
    void noServerShowsOneToWhoMayLookAround() throws Exception {
        for (int host = 2; host <= 7; host += 2) {
            String shown =
                    cluster.sql(host, "SELECT name, setting FROM pg_settings")
                            + cluster.sql(host, "SELECT * FROM pg_user_mappings")
                            + cluster.sql(host, "SELECT srvoptions FROM pg_foreign_server")
                            + cluster.sql(host, "SELECT query FROM pg_stat_activity")
                            + cluster.sql(host, "SELECT rolpassword FROM pg_roles");
            assertThat(shown).contains("max_connections");
            assertThat(secrets.in(shown)).isEmpty();
        }
        for (Path server : dataDirectories()) {
            assertThat(secrets.in(cluster.sqlOfSuperuser(server, "TABLE pg_settings"))).isEmpty();
        }
    }

    /** A core has everything in it that the process knew. */
    @Test
    void noProcessLeavesACore() {
        assertThat(cluster.network().processes())
                .filteredOn(ProcessHandle::isAlive)
                .hasSizeGreaterThan(14)
                .allSatisfy(
                        process ->
                                assertThat(
                                                ProcessSampler.text(
                                                        Path.of(
                                                                "/proc/"
                                                                        + process.pid()
                                                                        + "/limits")))
                                        .containsPattern("Max core file size +0 "));
    }

    private void logEverything() throws Exception {
        for (Path server : dataDirectories()) {
            cluster.sqlOfSuperuser(server, "ALTER SYSTEM SET log_statement = 'all'");
            cluster.sqlOfSuperuser(server, "ALTER SYSTEM SET log_min_duration_statement = 0");
            cluster.sqlOfSuperuser(server, "SELECT pg_reload_conf()");
        }
    }

    /** What statements a coordinator's sessions are at, over and over, into a file. */
    private RunningProgram watchActivity() throws IOException {
        List<String> server =
                Files.readAllLines(cluster.data(2, "coord").resolve("postmaster.pid"));
        RunningProgram psql =
                cluster.network()
                        .start(
                                "psql",
                                "-XAt",
                                "-h",
                                server.get(4),
                                "-p",
                                server.get(3),
                                "-U",
                                "postgres",
                                "-d",
                                "postgres");
        psql.type("SELECT query, application_name FROM pg_stat_activity \\watch 0.05");
        return psql;
    }

    private void grow() throws Exception {
        cluster.file("all.conf", "log_statement = all", "log_min_duration_statement = 0");
        Path password = cluster.file("password", CHOSEN);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        said.add(
                cluster.script(
                                "add datanode master d8 127.0.1.1 5511 none d8 none all.conf none",
                                "add coordinator master c8 127.0.1.3 5512 none c8 all.conf none")
                        .exits(0));
        said.add(
                cluster.xlctl("createuser", "grown", "--password-file", password.toString())
                        .exits(0));
        said.add(cluster.xlctl("createdb", "grown", "--owner", "grown").exits(0));
        said.add(
                cluster.xlctl(
                                "psql",
                                "-c",
                                "CALL xl.create_table('CREATE TABLE sample_growth (a int PRIMARY KEY, b int)',"
                                        + " 'hash(a)')")
                        .exits(0));
        said.add(cluster.xlctl("psql", "-c", "INSERT INTO sample_growth VALUES (1, 1)").exits(0));
        said.add(cluster.xlctl("rotate", "certificates", "127.0.1.2").exits(0));
        Files.readAllLines(cluster.home().resolve("ssh-key")).stream()
                .filter(line -> line.length() >= 40 && !line.startsWith("-----"))
                .skip(1)
                .forEach(line -> secrets.with("the former key of the shell", line));
        said.add(cluster.xlctl("rotate", "keys").exits(0));
        said.add(cluster.xlctl("access", work.resolve("access").toString()).exits(0));
    }

    private void rotate() throws Exception {
        Path backup = work.resolve("before.backup");
        said.add(cluster.xlctl("backup", backup.toString()).exits(0));
        replaced.withBackupOfPasswords(backup, CLUSTER).withVerifiersKeptBelow(cluster.home());
        Files.delete(backup);
        said.add(cluster.xlctl("rotate", "passwords").exits(0));
        cluster.awaitHealth();
    }

    private void fail() throws Exception {
        cluster.file("bad.conf", "shared_buffers = banana");
        said.add(
                cluster.script("add datanode master d9 127.0.1.4 5513 none d9 none bad.conf none")
                        .exits(1));
        said.add(cluster.xlctl("remove", "gtm", "master").exits(4));
        said.add(cluster.xlctl("monitor", "nobody"));
        said.add(cluster.xlctl("psql", "-c", "SELECT 1/0"));
        said.add(cluster.xlctl("backup", work.resolve("nowhere/file").toString()).exits(1));
        said.add(
                cluster.paste(
                        "XLCTL_DEBUG=1 bin/xlctl --home $XLCTL_HOME operation show 999 || true;"
                                + "XLCTL_DEBUG=1 bin/xlctl --home $XLCTL_HOME"
                                + " access /proc/none || true;"
                                + "XLCTL_DEBUG=1 bin/xlctl --home $XLCTL_HOME --dry-run"
                                + " remove coordinator master coord_m_1 || true"));
        said.add(cluster.xlctl("kill", "data_m_2").exits(0));
        said.add(cluster.xlctl("start", "data_m_2").exits(0));
        said.add(cluster.xlctl("stop", "coord_m_3").exits(0));
        said.add(cluster.xlctl("start", "all").exits(0));
        cluster.killAgent(5);
        said.add(cluster.xlctl("status"));
        cluster.startAgent(5);
        cluster.awaitHealth();
    }

    private void read() throws Exception {
        for (String format : List.of("text", "json", "yaml", "tsv")) {
            said.add(
                    cluster.script(
                                    READINGS.stream()
                                            .map(reading -> reading + " --output " + format)
                                            .toArray(String[]::new))
                            .exits(0));
        }
    }

    private void typeAtAPrompt() throws Exception {
        try (PseudoTerminal terminal = cluster.terminal()) {
            terminal.awaitLastLine("xlctl postgresql-1>")
                    .enter("createuser typed")
                    .awaitText("Password for");
            terminal.enter(TYPED).awaitText("Again:").enter(TYPED);
            terminal.awaitText("Createuser typed: done");
            assertThat(terminal.text()).doesNotContain(TYPED);
            terminal.enter("quit").awaitExit();
        }
        assertThat(cluster.home().resolve("history")).content().contains("createuser typed");
    }

    private void shrink() throws Exception {
        said.add(cluster.xlctl("remove", "coordinator", "master", "c8", "clean").exits(0));
        said.add(cluster.xlctl("psql", "-c", "SELECT count(*) FROM sample_growth").exits(0));
    }

    private void undo() throws Exception {
        cluster.start(QuickstartCluster.datanode("d10", 5, 5514)).awaitProgress("initdb in").kill();
        Matcher open =
                Pattern.compile("(?m)^(\\d+) +running .* add datanode master d10 ")
                        .matcher(cluster.xlctl("operation", "list").exits(0).out());
        assertThat(open.find()).isTrue();
        said.add(cluster.xlctl("--wait", "1m", "operation", "rollback", open.group(1)).exits(0));
    }

    private void loseTheRecords() throws Exception {
        Path backup = work.resolve("records.backup");
        said.add(cluster.xlctl("backup", backup.toString()).exits(0));
        cluster.loseZooKeeper();
        said.add(cluster.quickstart());
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () ->
                                assertThat(cluster.xlctl("stop", "data_m_1").exits(4).err())
                                        .contains("restore FILE"));
        said.add(cluster.xlctl("restore", backup.toString()).exits(0));
        Files.delete(backup);
        cluster.awaitHealth();
        said.add(cluster.xlctl("createdb", "restored").exits(0));
    }

    /** By which the test proves that it would have been seen. */
    private void plantInAnEnvironment() throws Exception {
        String[] planted = ENVIRONMENT.split("=");
        cluster.paste("export " + planted[0] + "=" + planted[1] + "; sleep 0.5");
    }

    private void collectSecrets() throws Exception {
        Path backup = work.resolve("cluster.backup");
        said.add(cluster.xlctl("backup", backup.toString()).exits(0));
        secrets.with(replaced)
                .withBackup(backup, CLUSTER)
                .withIdentity(cluster.home().resolve("zookeeper-identity"))
                .withIdentity(cluster.home().resolve("agent-identity"))
                .withKeysBelow(cluster.home())
                .with("a chosen password", CHOSEN);
        for (Path server : dataDirectories()) {
            secrets.withVerifiers(
                    server.toString(),
                    cluster.sqlOfSuperuser(
                            server, "SELECT rolpassword FROM pg_authid WHERE rolpassword <> ''"));
        }
    }

    private String records() throws Exception {
        return cluster.network()
                .run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordsDump.class.getName(),
                        "127.0.1.1:2181",
                        cluster.home().resolve("zookeeper-identity").toString(),
                        "/xlctl")
                .exits(0)
                .out();
    }

    private String serverLogs() throws Exception {
        StringBuilder all = new StringBuilder();
        for (Path file : KnownSecrets.files(cluster.home())) {
            if (file.toString().matches(".*postgresql-.*\\.log")) {
                all.append(ProcessSampler.text(file));
            }
        }
        return all.toString();
    }

    private List<Path> dataDirectories() throws Exception {
        return KnownSecrets.files(cluster.home().resolve("quickstart/agents")).stream()
                .filter(file -> file.endsWith("postmaster.pid"))
                .map(Path::getParent)
                .toList();
    }
}
