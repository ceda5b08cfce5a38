package xlctl.shell.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ExitCode;
import xlctl.shell.answer.Format;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.store.StoreException;
import xlctl.swarm.InMemoryDocker;
import xlctl.swarm.SwarmNames;
import xlctl.swarm.SwarmNode;
import xlctl.topology.Problem;

class SwarmStatementsTest {
    private final InMemoryDocker docker = new InMemoryDocker();
    private final RecordingConsole console = new RecordingConsole();
    private final FakeCluster cluster = new FakeCluster();
    private final Map<String, String> environment = new HashMap<>();
    private boolean zooKeeper = true;

    @TempDir private Path home;

    @BeforeEach
    void prepareEngine() throws IOException {
        environment.put("XLCTL_CLUSTER", "c");
        environment.put("XLCTL_SWARM_IMAGE", "image:1");
        docker.withImage("image:1");
        docker.at("unix://" + Files.createFile(home.resolve("docker.sock")));
    }

    private ExitCode run(String script) {
        return run(Interpreter.Mode.STOP_AT_FAILURE, script);
    }

    private ExitCode run(Interpreter.Mode mode, String script) {
        Settings settings = Settings.read(new Home(home), environment, Map.of());
        try (Interpreter interpreter =
                new Interpreter(settings, console, mode, this::connected, docker)) {
            return interpreter.run(
                    Script.read(
                                    script.getBytes(UTF_8),
                                    "s",
                                    new Parser(TextFiles.below(Path.of(""))))
                            .items());
        }
    }

    private ClusterControl connected() {
        if (!zooKeeper) {
            throw new StoreException.Unreachable(
                    "ZooKeeper at zookeeper:2181 does not answer", null);
        }
        return cluster;
    }

    @Test
    void initNeedsNoZooKeeperAndSaysHowTheShellIsOpened() {
        zooKeeper = false;

        assertThat(run("swarm init --subnet 10.8.0.0/24 --allow-unencrypted\n"))
                .isEqualTo(ExitCode.DONE);

        assertThat(console.printed)
                .contains(
                        "made     network c_cluster 10.8.0.0/24",
                        "made     secret c_agent-identity",
                        "made     service c_control",
                        "The cluster's shell:",
                        "  docker exec -it $(docker ps -qf"
                                + " label=com.docker.swarm.service.name=c_control) xlctl");
        assertThat(console.reported).contains("waiting until the service c_zookeeper runs");
    }

    @Test
    void everyRefusalIsToldWithItsRemedy() {
        docker.outOfSwarm(
                Problem.of("this Docker engine is in no Swarm", "make one: docker swarm init"));

        assertThat(run("swarm init\n")).isEqualTo(ExitCode.REFUSED);

        assertThat(console.reported)
                .contains(
                        "s:1: refused",
                        "  - this Docker engine is in no Swarm",
                        "    to do: make one: docker swarm init");
    }

    @Test
    void theShellOfControlDoesNotEndItself() {
        environment.put("XLCTL_SSH_KEY", "/run/secrets/ssh-key");

        assertThat(run("swarm down --yes\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("swarm init\n")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void statusShowsServicesWithoutMembersWhereZooKeeperIsNotReached() {
        run("swarm init\n");
        zooKeeper = false;

        assertThat(run("swarm status\n")).isEqualTo(ExitCode.DONE);

        assertThat(console.printed)
                .anyMatch(line -> line.matches("c_zookeeper +node-1 +running .*"))
                .anyMatch(line -> line.startsWith("The members are not shown here: ZooKeeper"))
                .anyMatch(line -> line.matches("c_cluster +10.0.1.0/24 +encrypted +the cluster.*"));
    }

    @Test
    void statusFailsWhenAServiceDoesNotRun() {
        run("swarm init\n");
        docker.stop("c_zookeeper", "task: non-zero exit (137)");

        assertThat(run("swarm status\n")).isEqualTo(ExitCode.NOT_AS_ASKED);

        assertThat(console.reported)
                .anyMatch(
                        line ->
                                line.startsWith("Warning: c_zookeeper:")
                                        && line.contains("non-zero exit (137)"));
    }

    @Test
    void readingsOfASwarmAnswerInEveryFormatWithoutControlCharacters() {
        run("swarm init\n");
        docker.stop("c_zookeeper", "task: non-zero exit (137)");
        for (String format : Format.words()) {
            console.printed.clear();
            console.reported.clear();

            assertThat(run("swarm status --output " + format + "\n"))
                    .isEqualTo(ExitCode.NOT_AS_ASKED);
            assertThat(run("swarm render --output " + format + "\n")).isEqualTo(ExitCode.DONE);

            assertThat(String.join("\n", console.printed))
                    .contains("services:")
                    .doesNotContainPattern("[\\p{Cntrl}&&[^\n\t]]");
            assertThat(format.equals("text") ? console.reported : console.printed)
                    .anyMatch(line -> line.contains("non-zero exit (137)"));
        }
    }

    @Test
    void renderPrintsTheStackFile() {
        run("swarm init\n");

        assertThat(run("swarm render\n")).isEqualTo(ExitCode.DONE);

        assertThat(console.printed).contains("services:", "  zookeeper:", "  control:");
    }

    @Test
    void withoutServicesThereIsNothingToRender() {
        assertThat(run("swarm render\n")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void downAsksAndRemovesNothingWhereNobodyAnswers() {
        run("swarm init\n");
        Set<String> before = docker.inventory();

        assertThat(run("swarm down\n")).isEqualTo(ExitCode.MALFORMED);
        console.answer = Optional.of(false);
        assertThat(run("swarm down\n")).isEqualTo(ExitCode.REFUSED);

        assertThat(docker.inventory()).isEqualTo(before);
        assertThat(console.reported).contains("  volume c_zookeeper", "  secret c_ssh-key");
    }

    @Test
    void downRemovesAllAndMayBeDoneTwice() {
        run("swarm init\n");
        console.answer = Optional.of(true);

        assertThat(run("swarm down\n")).isEqualTo(ExitCode.DONE);
        assertThat(run("swarm down --yes\n")).isEqualTo(ExitCode.DONE);

        assertThat(docker.inventory()).isEmpty();
        assertThat(console.printed).endsWith("Docker has nothing of the cluster c.");
    }

    @Test
    void downWithoutServicesSaysThatOtherMachinesMayHaveVolumes() {
        docker.withNode(new SwarmNode("id-2", "node-2", false, true, "ready active"));
        docker.volume("c_zookeeper", Map.of(SwarmNames.CLUSTER_LABEL, "c"));

        assertThat(run("swarm down --yes\n")).isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(console.printed).isEmpty();
        assertThat(run("swarm down --yes\n")).isEqualTo(ExitCode.DONE);

        assertThat(docker.inventory()).isEmpty();
        assertThat(console.reported)
                .filteredOn(
                        line -> line.contains("may be left on other machines of the Swarm: node-2"))
                .hasSize(2);
    }

    @Test
    void dryRunsMakeNothing() {
        assertThat(run(Interpreter.Mode.DRY_RUN, "swarm init\n")).isEqualTo(ExitCode.MALFORMED);
        assertThat(docker.inventory()).isEmpty();
    }

    @Test
    void accessWritesFilesForTheirOwnerAlone() throws IOException {
        Path directory = home.resolve("for-clients");

        assertThat(run("access " + directory + "\n")).isEqualTo(ExitCode.DONE);

        Path services = directory.resolve("pg_service.conf");
        Path passwords = directory.resolve("pgpass");
        assertThat(services)
                .hasContent(
                        section("c", "coord-m-1,coord-m-2", "5432,5433", directory)
                                + "\n"
                                + section("coord_m_1", "coord-m-1", "5432", directory)
                                + "\n"
                                + section("coord_m_2", "coord-m-2", "5433", directory));
        assertThat(passwords).hasContent("*:*:*:app:hidden\n");
        Path authority = directory.resolve("ca.crt");
        assertThat(authority).hasContent(FakeCluster.AUTHORITY);
        for (Path file : new Path[] {services, passwords, authority}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(console.printed).noneMatch(line -> line.contains("hidden"));
    }

    @Test
    void accessDoesNotReplaceWhatItHasNotWritten() throws IOException {
        Path directory = Files.createDirectories(home.resolve("of-others"));
        Path passwords = Files.writeString(directory.resolve("pgpass"), "theirs");
        Files.writeString(directory.resolve("pg_service.conf"), "[c]\n");

        assertThat(run("access " + directory + "\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(console.reported)
                .anyMatch(line -> line.contains(passwords + " is there already"));
        assertThat(passwords).hasContent("theirs");
    }

    @Test
    void accessWritesAnewWhatItHasWritten() throws IOException {
        Path directory = home.resolve("for-clients");
        run("access " + directory + "\n");
        Path passwords = Files.writeString(directory.resolve("pgpass"), "*:*:*:app:of-before\n");

        assertThat(run("access " + directory + "\n")).isEqualTo(ExitCode.DONE);

        assertThat(passwords).hasContent("*:*:*:app:hidden\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
                .isEqualTo("rw-------");
    }

    @Test
    void showCaPrintsTheCertificateOfTheAuthority() {
        assertThat(run("show ca\n")).isEqualTo(ExitCode.DONE);

        assertThat(console.printed).isEqualTo(FakeCluster.AUTHORITY.lines().toList());
    }

    private static String section(String name, String hosts, String ports, Path directory) {
        return """
                [%s]
                host=%s
                port=%s
                dbname=postgres
                user=app
                sslmode=verify-full
                sslrootcert=%s
                channel_binding=require
                """
                .formatted(name, hosts, ports, directory.resolve("ca.crt"));
    }
}
