package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.ssh.StockSsh;
import xlctl.store.Identities;
import xlctl.store.Identity;
import xlctl.store.IdentityFiles;
import xlctl.topology.ClusterName;

/** The program as a process of its own. */
class MainTest {
    private static final Identity IDENTITY = Identities.generate(new ClusterName("c1")).agent();

    @TempDir private Path directory;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAgents() {
        started.forEach(Process::destroyForcibly);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static StockSsh.Ended run(String... arguments) throws IOException {
        return StockSsh.run(command(arguments));
    }

    /** Writes a configuration whose ZooKeeper is not there, and all the files it names. */
    private Path configure(String name, String state, int port) throws IOException {
        if (!Files.exists(directory.resolve("client"))) {
            Path key = StockSsh.makeKey(directory, "client");
            Files.copy(StockSsh.publicOf(key), directory.resolve("authorized_keys"));
            IdentityFiles.write(directory.resolve("identity"), IDENTITY);
        }
        return Files.writeString(
                directory.resolve(name),
                """
                cluster: c1
                host: 127.0.0.1
                listen: 127.0.0.1:%d
                state: %s
                data-roots: [%s-data]
                zookeeper: 127.0.0.1:%d
                zookeeper-identity: identity
                authorized-keys: authorized_keys
                """
                        .formatted(port, state, state, StockSsh.freePort()));
    }

    private Process start(Path config, Path log) throws IOException {
        Process agent =
                new ProcessBuilder(command("--config", config.toString()))
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(log.toFile())
                        .start();
        started.add(agent);
        await("the agent listens")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(log).contains(" listens on "));
        return agent;
    }

    private StockSsh.Ended ssh(int port, String word) throws IOException {
        return StockSsh.run(
                StockSsh.command(
                        directory.resolve("client"),
                        directory.resolve("known_hosts"),
                        port,
                        List.of("-o", "StrictHostKeyChecking=accept-new"),
                        word));
    }

    /** PostgreSQL, and so the agent, does not run as root. */
    private static void needsAnUnprivilegedUser() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isNotEqualTo(0);
    }

    @Test
    void helpsAndSaysItsVersion() throws IOException {
        StockSsh.Ended help = run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: xlctl-agent --config FILE");

        StockSsh.Ended version = run("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).matches("xlctl-agent [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\n");
        assertThat(version.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--config", "agent.yaml", "--config a --verbose"})
    void refusesACommandLineItDoesNotKnow(String line) throws IOException {
        StockSsh.Ended ended = run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("expected --config FILE", "Usage: ");
    }

    @Test
    void saysEverythingThatIsWrongInItsConfiguration() throws IOException {
        Path config = Files.writeString(directory.resolve("bad.yaml"), "cluster: A\nhots: b\n");

        StockSsh.Ended ended = run("--config", config.toString());

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err().lines())
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).startsWith("xlctl-agent: " + config + ":"));
        assertThat(run("--config", directory.resolve("none").toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void worksWithoutZooKeeperAndEndsWhenTold() throws Exception {
        needsAnUnprivilegedUser();
        int port = StockSsh.freePort();
        Path config = configure("agent.yaml", "state", port);
        Path log = directory.resolve("log");
        Process agent = start(config, log);

        StockSsh.Ended status = ssh(port, "status");

        assertThat(status.err()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.out()).contains("host       127.0.0.1", "ZooKeeper  not connected");

        agent.destroy();
        assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        assertThat(directory.resolve("out")).isEmptyFile();
        assertThat(Files.readString(log))
                .doesNotContain(IDENTITY.password().reveal())
                .contains("INFO    ending", "INFO    ended");
        assertThat(Files.readString(log).lines())
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .matches("[0-9-]{10}T[0-9:.]{12}Z (INFO|WARNING) .*"));
    }

    @Test
    void keepsItsHostKeyWhenItComesBack() throws Exception {
        needsAnUnprivilegedUser();
        int port = StockSsh.freePort();
        Path config = configure("agent.yaml", "state", port);
        Process first = start(config, directory.resolve("log1"));
        assertThat(ssh(port, "version").exitCode()).isZero();
        first.destroyForcibly().waitFor();

        start(config, directory.resolve("log2"));

        // The client has the first one's key now and takes no other.
        assertThat(ssh(port, "version").exitCode()).isZero();
    }

    @Test
    void refusesAStateDirectoryThatAnotherAgentHas() throws IOException {
        needsAnUnprivilegedUser();
        Process first =
                start(
                        configure("first.yaml", "state", StockSsh.freePort()),
                        directory.resolve("log"));

        StockSsh.Ended second =
                run("--config", configure("second.yaml", "state", StockSsh.freePort()).toString());

        assertThat(second.exitCode()).isEqualTo(4);
        assertThat(second.err()).contains("process " + first.pid(), "state directory");
    }

    @Test
    void namesWhoHasItsPort() throws IOException {
        needsAnUnprivilegedUser();
        int port = StockSsh.freePort();
        Process first = start(configure("first.yaml", "a", port), directory.resolve("log"));

        StockSsh.Ended second = run("--config", configure("second.yaml", "b", port).toString());

        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(second.err())
                .contains("127.0.0.1:" + port, "process " + first.pid() + " (java)");
    }
}
