package xlctl.agent.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Reply;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;
import xlctl.topology.Role;

/** Who comes in with the stock SSH client, and what they can do. */
class PersonAccessTest {
    private static final Reply.HostReport REPORT =
            new Reply.HostReport(
                    new HostName("db-1"),
                    RunningAgent.VERSION,
                    new Reply.EngineReport(
                            EngineKind.POSTGRESQL, "/opt/pg", Optional.of("15.14"), List.of()),
                    List.of(new Reply.DataRoot("/srv/data", 12_345_678_901L)),
                    List.of(
                            new InstanceReport(
                                    InstanceName.parse("coord_m_1.1"),
                                    InstanceReport.State.UP,
                                    Optional.of(Role.MASTER),
                                    Optional.of(1L),
                                    Optional.of(4711L),
                                    Instant.parse("2026-11-01T12:00:00.123Z"),
                                    "",
                                    List.of()),
                            new InstanceReport(
                                    InstanceName.parse("d.1"),
                                    InstanceReport.State.DOWN,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Instant.parse("2026-11-01T12:00:01Z"),
                                    "no\nroom\u001b[2J",
                                    List.of())),
                    true,
                    7,
                    List.of(Problem.of("d.1 cannot start", "free some space")));

    @TempDir private Path directory;
    private RunningAgent agent;
    private volatile Reply answer = REPORT;

    @BeforeEach
    void startAgent() throws IOException {
        agent = RunningAgent.start(directory, (request, progress) -> answer);
    }

    @AfterEach
    void agentIsHealthyToTheEnd() throws IOException {
        Files.writeString(
                directory.resolve("authorized_keys"),
                Files.readString(StockSsh.publicOf(agent.key())));
        assertThat(agent.ssh(List.of(), "version").out()).isEqualTo("xlctl-agent 1.2.3\n");
        agent.close();
    }

    @Test
    void showsTheHostInAlignedColumns() throws IOException {
        StockSsh.Ended ended = agent.ssh(List.of(), "status");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out())
                .isEqualTo(
                        """
                        host       db-1
                        cluster    postgresql-1
                        agent      1.2.3
                        engine     postgresql 15.14 in /opt/pg
                        data root  /srv/data, 12.3 GB free
                        ZooKeeper  connected
                        topology   version 7 applied

                        INSTANCE     STATE  ROLE    TIMELINE  PID   SINCE                 WHY
                        coord_m_1.1  up     master  1         4711  2026-11-01T12:00:00Z
                        d.1          down   -       -         -     2026-11-01T12:00:01Z  no room [2J

                        problems:
                        - d.1 cannot start (free some space)
                        """);
    }

    @Test
    void saysWhyItCannotShowTheHost() throws IOException {
        answer = Reply.Failed.failed("the disk is gone", "look for it");

        StockSsh.Ended ended = agent.ssh(List.of(), "status");

        assertThat(ended).isEqualTo(new StockSsh.Ended(1, "", "the disk is gone (look for it)\n"));
    }

    @Test
    void helpsWithItsWords() throws IOException {
        StockSsh.Ended ended = agent.ssh(List.of(), "help");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).contains("status ", "version ", "help ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reboot", "status; id", "status --all", "STATUS", "sh -c id"})
    void refusesOtherWords(String words) throws IOException {
        StockSsh.Ended ended = agent.ssh(List.of(), words);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("\"" + words + "\" is not a word").contains("status ");
    }

    @Test
    void showsNoControlCharactersOfAWord() throws IOException {
        assertThat(agent.ssh(List.of(), "a\u001b[2Jb").err()).startsWith("\"a?[2Jb\" is not");
    }

    @Test
    void refusesAKeyThatIsNotAuthorised() throws IOException {
        Path stranger = StockSsh.makeKey(directory, "stranger");

        StockSsh.Ended ended = agent.ssh(stranger, List.of(), "status");

        assertThat(ended.exitCode()).isEqualTo(255);
        assertThat(ended.err()).contains("Permission denied (publickey)");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void offersNoPassword() throws IOException {
        StockSsh.Ended ended =
                agent.ssh(
                        List.of(
                                "-o",
                                "PubkeyAuthentication=no",
                                "-o",
                                "PreferredAuthentications=password,keyboard-interactive"),
                        "status");

        assertThat(ended.exitCode()).isEqualTo(255);
        assertThat(ended.err()).contains("Permission denied (publickey)");
    }

    @Test
    void givesNoShell() throws IOException {
        assertThat(agent.ssh(List.of()).exitCode()).isNotZero();
        assertThat(agent.ssh(List.of("-tt")).exitCode()).isNotZero();
    }

    @Test
    void givesNoOtherSubsystem() throws IOException {
        StockSsh.Ended ended = agent.ssh(List.of("-s"), "sftp");

        assertThat(ended.exitCode()).isEqualTo(255);
        assertThat(ended.err()).contains("subsystem request failed");
    }

    @Test
    void forwardsToNobody() throws IOException {
        StockSsh.Ended outwards = agent.ssh(List.of("-W", "127.0.0.1:" + agent.port()));
        StockSsh.Ended inwards =
                agent.ssh(
                        List.of(
                                "-N",
                                "-o",
                                "ExitOnForwardFailure=yes",
                                "-R",
                                StockSsh.freePort() + ":127.0.0.1:1"));

        assertThat(outwards.exitCode()).isEqualTo(255);
        assertThat(outwards.err()).contains("stdio forwarding failed");
        assertThat(inwards.exitCode()).isEqualTo(255);
        assertThat(inwards.err()).contains("remote port forwarding failed");
    }

    @Test
    void letsKeysInAndOutAsTheFileChanges() throws IOException {
        Path second = StockSsh.makeKey(directory, "second");
        Path keys = directory.resolve("authorized_keys");
        assertThat(agent.ssh(second, List.of(), "help").exitCode()).isEqualTo(255);

        Files.writeString(keys, "restrict " + Files.readString(StockSsh.publicOf(second)));

        assertThat(agent.ssh(second, List.of(), "help").exitCode()).isZero();
        assertThat(agent.ssh(agent.key(), List.of(), "help").exitCode()).isEqualTo(255);

        Files.delete(keys);

        assertThat(agent.ssh(second, List.of(), "help").exitCode()).isEqualTo(255);
    }

    @Test
    void heedsTheGoodLinesAmongBadOnes() throws IOException {
        Path bound = StockSsh.makeKey(directory, "bound");
        Files.writeString(
                directory.resolve("authorized_keys"),
                "not a key at all\n"
                        + "ssh-ed25519 AAAA\n"
                        + "from=\"10.0.0.1\" "
                        + Files.readString(StockSsh.publicOf(bound))
                        + Files.readString(StockSsh.publicOf(agent.key())));

        assertThat(agent.ssh(agent.key(), List.of(), "help").exitCode()).isZero();
        assertThat(agent.ssh(bound, List.of(), "help").exitCode())
                .as("a key whose condition the agent cannot check")
                .isEqualTo(255);
    }

    @Test
    void trustsNoKeysThatOthersMayWrite() throws IOException {
        Path keys = directory.resolve("authorized_keys");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-rw-r--"));

        assertThat(agent.ssh(List.of(), "help").exitCode()).isEqualTo(255);

        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void keepsItsHostKeyToItself() throws IOException {
        Path file = directory.resolve("ssh_host_ed25519_key");

        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(agent.hostKey().openSsh()).startsWith("ssh-ed25519 AAAA");
        assertThat(HostKey.loadOrCreate(directory).openSsh()).isEqualTo(agent.hostKey().openSsh());
        assertThat(Files.readString(file)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
    }

    @Test
    void refusesAHostKeyThatOthersMayReadAndOneThatIsBroken(@TempDir Path other)
            throws IOException {
        HostKey.loadOrCreate(other);
        Path file = other.resolve("ssh_host_ed25519_key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        Assertions.assertThatThrownBy(() -> HostKey.loadOrCreate(other))
                .hasMessageContaining("chmod 600 " + file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "");
        Assertions.assertThatThrownBy(() -> HostKey.loadOrCreate(other))
                .hasMessageContaining(file.toString());
        assertThat(file).isEmptyFile();
    }

    @Test
    void listensOnItsAddressOnlyAndRefusesATakenPort() {
        assertThat(agent.server().address().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
        Assertions.assertThatExceptionOfType(BindException.class)
                .isThrownBy(
                        () ->
                                AgentSshServer.start(
                                        RunningAgent.config(directory, agent.port()),
                                        HostPort.parse("127.0.0.1:" + agent.port()),
                                        RunningAgent.VERSION,
                                        agent.hostKey(),
                                        new AuthorizedKeys(directory.resolve("authorized_keys")),
                                        (request, progress) -> answer));
    }
}
