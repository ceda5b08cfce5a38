package xlctl.agent.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthSocketTest {
    private final AtomicReference<List<String>> failures = new AtomicReference<>(List.of());
    private Path directory;

    /** Short: the path of a socket is. */
    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "xlctl-health");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        Files.deleteIfExists(file());
        Files.delete(directory);
    }

    @Test
    void saysOkToEveryoneWhileEverythingIsAtWork() throws IOException {
        try (HealthSocket health = HealthSocket.open(directory, failures::get)) {
            assertThat(health).isNotNull();
            assertThat(ask()).isEqualTo("ok\n");
            assertThat(ask()).isEqualTo("ok\n");
        }
    }

    @Test
    void namesWhatIsNotAtWorkAndRecovers() throws IOException {
        try (HealthSocket health = HealthSocket.open(directory, failures::get)) {
            assertThat(health).isNotNull();
            failures.set(List.of("supervision", "presence"));
            assertThat(ask()).isEqualTo("not at work: supervision, presence\n");
            failures.set(List.of());
            assertThat(ask()).isEqualTo("ok\n");
        }
    }

    @Test
    void goesOnAfterSomeoneWhoLeftAtOnce() throws IOException {
        try (HealthSocket health = HealthSocket.open(directory, failures::get)) {
            assertThat(health).isNotNull();
            for (int time = 0; time < 50; time++) {
                SocketChannel.open(UnixDomainSocketAddress.of(file())).close();
            }
            assertThat(ask()).isEqualTo("ok\n");
        }
    }

    @Test
    void isForItsOwnUserOnlyAndGoneWhenClosed() throws IOException {
        try (HealthSocket health = HealthSocket.open(directory, failures::get)) {
            assertThat(health).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void replacesTheSocketOfAnAgentThatWasKilled() throws IOException {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(file()));
        }
        assertThat(file()).exists();

        try (HealthSocket health = HealthSocket.open(directory, failures::get)) {
            assertThat(health).isNotNull();
            assertThat(ask()).isEqualTo("ok\n");
        }
    }

    @Test
    void refusesAPathThatIsTooLongForASocket() throws IOException {
        Path deep = Files.createDirectory(directory.resolve("d".repeat(110)));

        assertThatThrownBy(() -> HealthSocket.open(deep, failures::get))
                .isInstanceOf(IOException.class);

        Files.delete(deep);
    }

    private Path file() {
        return directory.resolve("health");
    }

    private String ask() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file()))) {
            return new String(
                    Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
