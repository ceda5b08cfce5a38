package xlctl.agent.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;

/** Who may give orders, as controllers change it. */
class KeyRequestsTest {
    private static final Reply NEXT = new Reply.Done("handled by the next");

    @TempDir private Path directory;
    private RunningAgent agent;
    private Path file;
    private Path second;
    private int step;

    @BeforeEach
    void start() throws IOException {
        agent = RunningAgent.start(directory, (request, progress) -> NEXT);
        file = directory.resolve("authorized_keys");
        second = StockSsh.makeKey(directory, "second");
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
    }

    @Test
    void admitsAKeyBesideThoseThatAreThere() throws IOException {
        String before = Files.readString(file);

        assertThat(admit(second)).isInstanceOf(Reply.Done.class);

        assertThat(Files.readString(file))
                .isEqualTo(before + publicHalf(second) + " xlctl, operation 7\n");
        assertThat(letsIn(second)).isTrue();
        assertThat(letsIn(agent.key())).isTrue();
    }

    @Test
    void admitsAKeyThatIsThereOnlyOnce() throws IOException {
        var unused = admit(second);
        String once = Files.readString(file);

        assertThat(admit(second).toString()).contains("may come in already");
        assertThat(Files.readString(file)).isEqualTo(once);
    }

    @Test
    void addsALineToAFileWhoseLastOneHasNoEnd() throws IOException {
        Files.writeString(file, publicHalf(agent.key()) + " no end");

        var unused = admit(second);

        assertThat(letsIn(second)).isTrue();
        assertThat(letsIn(agent.key())).isTrue();
    }

    @Test
    void withdrawsEveryLineOfAKeyAndLeavesTheOthersAsTheyAre() throws IOException {
        String others = "# of Alice\n\nrestrict " + publicHalf(second) + " alice\nno key at all\n";
        Files.writeString(
                file,
                publicHalf(agent.key())
                        + "\n"
                        + others
                        + "no-pty "
                        + publicHalf(agent.key())
                        + " again\n");

        assertThat(withdraw(agent.key())).isInstanceOf(Reply.Done.class);

        assertThat(Files.readString(file)).isEqualTo(others);
        assertThat(letsIn(agent.key())).isFalse();
        assertThat(letsIn(second)).isTrue();
    }

    @Test
    void endsTheConnectionsOfAWithdrawnKeyAndNoOthers() throws IOException {
        var unused = admit(second);
        Process other =
                new ProcessBuilder(
                                StockSsh.command(
                                        second,
                                        agent.knownHosts(),
                                        agent.port(),
                                        List.of("-s"),
                                        "xlctl-agent"))
                        .start();
        try (FrameClient old = FrameClient.greeted(agent)) {
            await().until(() -> agent.server().connections() == 2);

            assertThat(withdraw(agent.key())).isInstanceOf(Reply.Done.class);

            await().until(() -> !old.isConnected());
            await().until(() -> agent.server().connections() == 1);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void refusesToWithdrawTheLastKey() throws IOException {
        String before = Files.readString(file);

        Reply reply = withdraw(agent.key());

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().toString())
                                        .contains("nobody could give this agent orders")
                                        .contains("add another key there first"));
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void letsWhoeverMayReadTheFileReadItStill() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        var unused = admit(second);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void changesTheFileThatALinkNames() throws IOException {
        Path real = directory.resolve("real_keys");
        Files.move(file, real);
        Files.createSymbolicLink(file, real);

        var unused = admit(second);

        assertThat(file).isSymbolicLink();
        assertThat(Files.readString(real)).contains(publicHalf(second).openSsh());
        assertThat(letsIn(second)).isTrue();
    }

    @Test
    void saysThatItCannotChangeTheFile() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path keys = Files.copy(file, closed.resolve("authorized_keys"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        KeyRequests requests =
                new KeyRequests(new AuthorizedKeys(keys), (request, progress) -> NEXT);

        Reply reply =
                requests.handle(
                        new Request.AdmitKey(new StepKey(7, 1, 1), publicHalf(second)), line -> {});

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
                            assertThat(failed.problems().toString())
                                    .contains(keys + ": permission denied")
                                    .contains("give the file and its directory");
                        });
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void agentsThatShareAFileLoseNoKey() throws IOException {
        List<ControllerKey> keys = new ArrayList<>();
        for (int each = 0; each < 8; each++) {
            keys.add(publicHalf(StockSsh.makeKey(directory, "key" + each)));
        }

        List<CompletableFuture<Reply>> replies =
                keys.stream()
                        .map(
                                key ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        new KeyRequests(
                                                                        new AuthorizedKeys(file),
                                                                        (request, progress) -> NEXT)
                                                                .handle(
                                                                        new Request.AdmitKey(
                                                                                new StepKey(
                                                                                        7, 1, 1),
                                                                                key),
                                                                        line -> {})))
                        .toList();

        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.join()).isInstanceOf(Reply.Done.class));
        assertThat(Files.readAllLines(file)).hasSize(3 + keys.size());
        assertThat(letsIn(directory.resolve("key5"))).isTrue();
    }

    @Test
    void refusesWhatIsNoKeyThatItCouldCheck() throws IOException {
        String before = Files.readString(file);
        KeyRequests requests =
                new KeyRequests(new AuthorizedKeys(file), (request, progress) -> NEXT);

        Reply reply =
                requests.handle(
                        new Request.AdmitKey(
                                new StepKey(7, 1, 1), new ControllerKey("ssh-ed25519 AAAABBBB")),
                        line -> {});

        assertThat(reply).isInstanceOf(Reply.Failed.class);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    private Reply admit(Path key) throws IOException {
        return ask(new Request.AdmitKey(new StepKey(7, 1, ++step), publicHalf(key)));
    }

    private Reply withdraw(Path key) throws IOException {
        return ask(new Request.WithdrawKey(new StepKey(7, 1, ++step), publicHalf(key)));
    }

    private Reply ask(Request request) {
        return agent.handler().handle(request, line -> {});
    }

    private boolean letsIn(Path key) throws IOException {
        return agent.ssh(key, List.of(), "help").exitCode() == 0;
    }

    private static ControllerKey publicHalf(Path key) throws IOException {
        String[] words = Files.readString(StockSsh.publicOf(key)).split(" ");
        return new ControllerKey(words[0] + " " + words[1].strip());
    }
}
