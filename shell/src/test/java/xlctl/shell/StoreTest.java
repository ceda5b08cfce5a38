package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.Controller;
import xlctl.shell.script.ClusterControl;
import xlctl.store.IdentityFiles;
import xlctl.store.ZooKeeperExtension;

/** The program against a real store: a cluster without hosts, and one that cannot be reached. */
class StoreTest {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @TempDir private Path home;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void furnishHome() throws IOException {
        IdentityFiles.write(
                home.resolve("zookeeper-identity"), ZOOKEEPER.identities().controller());
        Path key = home.resolve("ssh-key");
        Files.writeString(key, "nobody is reached with it\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        write(ZOOKEEPER.connectString());
    }

    @Test
    void showsAnEmptyCluster() {
        assertThat(run("status", "host list", "host matrix", "operation list", "monitor all"))
                .isZero();
        assertThat(out.toString(UTF_8))
                .contains("Cluster " + ZOOKEEPER.cluster() + ", topology none")
                .contains("No host is registered")
                .contains("There are no operations yet.");
    }

    @Test
    void refusesAnAddOnAHostThatIsNotRegistered() {
        assertThat(run("add gtm master gtm_m_1 127.0.1.9 5432 gtm")).isEqualTo(4);
        assertThat(err.toString(UTF_8))
                .startsWith("<stdin>:1: add gtm master gtm_m_1 127.0.1.9 5432: refused")
                .contains("host accept 127.0.1.9");
    }

    @Test
    void refusesAClusterThatTheIdentityIsNotOf() throws IOException {
        Files.writeString(
                home.resolve("xlctl.yaml"),
                "cluster: mistyped\nzookeeper: " + ZOOKEEPER.connectString() + "\n");

        assertThat(run("status")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("the cluster is to be mistyped")
                .contains(ZOOKEEPER.cluster() + "-controller");
    }

    @Test
    void refusesOperationsThatDoNotExist() {
        assertThat(run("operation show 7")).isEqualTo(4);
        assertThat(run("operation resume 7")).isEqualTo(4);
    }

    @Test
    void exitsWithThreeWhenAnAgentIsUnreachable() {
        assertThat(run("host accept 127.0.0.1 127.0.0.1:1 SHA256:" + "a".repeat(43))).isEqualTo(3);
        assertThat(err.toString(UTF_8)).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    @Test
    void exitsWithThreeWhenTheStoreIsUnreachable() throws Exception {
        write("127.0.0.1:1");

        XlctlProcess.Outcome outcome = XlctlProcess.start(home, Main.class, "status").await();

        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("nothing listens at 127.0.0.1:1");
    }

    @Test
    void saysThatAStoreHasNoAddressOrIsMute() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String silent = "127.0.0.1:" + mute.getLocalPort();
            write("nowhere.invalid:2181," + silent);

            assertThat(run("monitor all")).isEqualTo(3);

            assertThat(out.toString(UTF_8)).isEmpty();
            assertThat(err.toString(UTF_8).lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("<stdin>:1: no ZooKeeper server answers at nowhere.invalid:2181,")
                    .contains("nowhere.invalid", silent + " takes connections and does not answer");
        }
    }

    @Test
    void namesAnIdentityThatIsMissing() throws IOException {
        Files.delete(home.resolve("zookeeper-identity"));

        assertThat(run("status")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains(home.resolve("zookeeper-identity").toString());
    }

    private void write(String zooKeeper) throws IOException {
        Files.writeString(
                home.resolve("xlctl.yaml"),
                "cluster: " + ZOOKEEPER.cluster() + "\nzookeeper: " + zooKeeper + "\n");
    }

    private int run(String... lines) {
        Program program =
                new Program(
                        Map.of("XLCTL_HOME", home.toString()),
                        new ByteArrayInputStream(String.join("\n", lines).getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> ClusterControl.of(Controller.open(settings)),
                        new Interruption());
        return program.run();
    }
}
