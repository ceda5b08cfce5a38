package xlctl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;

class OwnKeyTest {
    private static final ClusterName CLUSTER = new ClusterName("test");
    private static final HostName HOST = new HostName("127.0.0.1");

    @TempDir private Path directory;
    private OwnKey key;
    private ControllerKey first;

    @BeforeEach
    void make() throws IOException {
        Path file = directory.resolve("ssh-key");
        String publicHalf = KeyFiles.generate(file, "xlctl test");
        Files.writeString(directory.resolve("ssh-key.pub"), publicHalf + "\n");
        key = new OwnKey(file);
        first = key.publicHalf();
    }

    @Test
    void knowsThePublicHalfOfItsFile() throws IOException {
        assertThat(Files.readString(directory.resolve("ssh-key.pub")))
                .isEqualTo(first + " xlctl test\n");
    }

    @Test
    void isReplacedAndKeptUntilItIsForgotten() throws IOException {
        ControllerKey second = key.make("a comment");
        assertThat(key.publicHalf()).isEqualTo(first);

        key.take();
        assertThat(key.publicHalf()).isEqualTo(second).isNotEqualTo(first);
        assertThat(key.former()).contains(first);
        assertThat(key.fresh()).isEmpty();
        assertThat(Files.readString(directory.resolve("ssh-key.pub"))).startsWith(second + " ");

        key.forget();
        assertThat(key.former()).isEmpty();
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("ssh-key", "ssh-key.pub");
    }

    @Test
    void isForItsOwnerAloneAllTheTime() throws IOException {
        var unused = key.make("a comment");
        assertThat(permissions(key.freshFile())).isEqualTo("rw-------");

        key.take();
        assertThat(permissions(key.file())).isEqualTo("rw-------");
        assertThat(permissions(key.formerFile())).isEqualTo("rw-------");
    }

    @Test
    void isMadeOnce() throws IOException {
        assertThat(key.make("a comment")).isEqualTo(key.make("another"));
    }

    @Test
    void canBeDroppedBeforeItIsTaken() throws IOException {
        var unused = key.make("a comment");
        Files.writeString(directory.resolve("ssh-key.new.unfinished"), "-----BEGIN OPEN");

        key.drop();
        key.drop();

        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("ssh-key", "ssh-key.pub");
        assertThat(key.publicHalf()).isEqualTo(first);
    }

    @Test
    void aCrashWhileItIsMadeLeavesTheOneInUseAndIsMadeGood() throws IOException {
        Files.writeString(directory.resolve("ssh-key.new.unfinished"), "-----BEGIN OPEN");

        assertThat(key.publicHalf()).isEqualTo(first);
        assertThat(key.fresh()).isEmpty();
        assertThat(key.make("a comment")).isNotEqualTo(first);
        assertThat(directory.resolve("ssh-key.new.unfinished")).doesNotExist();
    }

    @Test
    void aCrashWhileTheOldOneIsKeptLeavesItInUseAndIsMadeGood() throws IOException {
        ControllerKey second = key.make("a comment");
        Files.writeString(directory.resolve("ssh-key.old.unfinished"), "-----BEGIN OPEN");
        assertThat(key.publicHalf()).isEqualTo(first);
        assertThat(key.former()).isEmpty();
        Files.delete(directory.resolve("ssh-key.old.unfinished"));
        Files.copy(key.file(), key.formerFile());
        assertThat(key.publicHalf()).isEqualTo(first);

        key.take();

        assertThat(key.publicHalf()).isEqualTo(second);
        assertThat(key.former()).contains(first);
    }

    @Test
    void aCrashBeforeItsPublicHalfIsWrittenLeavesAKeyThatLogsInAndIsMadeGood() throws Exception {
        ControllerKey second = key.make("a comment");
        Files.move(key.file(), key.formerFile());
        Files.move(key.freshFile(), key.file());
        assertThat(Files.readString(directory.resolve("ssh-key.pub"))).startsWith(first + " ");

        try (SshServerOfTest server = server();
                SshAgents agents = agents()) {
            server.acceptOnly(second.openSsh());
            assertThat(greeting(agents, server)).isEqualTo(new Reply.Converged(1));
        }
        key.forget();

        assertThat(Files.readString(directory.resolve("ssh-key.pub"))).startsWith(second + " ");
    }

    @Test
    void isTriedByALoginBeforeItIsTaken() throws Exception {
        try (SshServerOfTest server = server();
                SshAgents agents = agents()) {
            ControllerKey second = agents.ownKey().make("a comment");
            server.acceptOnly(first.openSsh());
            assertThatThrownBy(() -> agents.tryFreshKey(record(server)))
                    .isInstanceOf(AgentUnreachableException.class)
                    .hasMessageContaining("refuses the SSH key " + key.freshFile());

            server.acceptOnly(second.openSsh());
            agents.tryFreshKey(record(server));
        }
    }

    @Test
    void isUsedByNewConnectionsOnceItIsTaken() throws Exception {
        try (SshServerOfTest server = server();
                SshAgents agents = agents()) {
            assertThat(greeting(agents, server)).isEqualTo(new Reply.Converged(1));
            ControllerKey second = agents.ownKey().make("a comment");
            agents.ownKey().take();
            server.acceptOnly(second.openSsh());

            agents.connectAnew();

            assertThat(greeting(agents, server)).isEqualTo(new Reply.Converged(1));
            assertThat(server.channels()).isEqualTo(2);
        }
    }

    @Test
    void aLinkIsNotReplaced() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), key.file());

        assertThat(new OwnKey(link).hindrance().orElseThrow()).contains("but a link");
        assertThat(key.hindrance()).isEmpty();
    }

    private static SshServerOfTest server() throws Exception {
        return new SshServerOfTest(
                (request, progress) ->
                        request instanceof Request.Hello
                                ? new Reply.Welcome(Protocol.NEWEST, "test", CLUSTER, HOST)
                                : new Reply.Converged(1));
    }

    private SshAgents agents() {
        return new SshAgents(CLUSTER, key.file(), "test", Duration.ofSeconds(5));
    }

    private static Reply greeting(SshAgents agents, SshServerOfTest server) throws Exception {
        return agents.to(record(server))
                .call(new Request.Inspect(), line -> {})
                .get(10, TimeUnit.SECONDS);
    }

    private static HostRecord record(SshServerOfTest server) {
        return new HostRecord(
                HOST, new HostPort(HOST, new Port(server.port())), server.hostKey(), Instant.EPOCH);
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
