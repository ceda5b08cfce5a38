package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.topology.ClusterName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Secret;

class IdentityFileTest {
    private static final Identities IDENTITIES = Identities.generate(new ClusterName("pg-1"));

    @TempDir Path directory;

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Path file = directory.resolve("identity.yaml");
        IdentityFiles.write(file, IDENTITIES.controller());

        assertThat(IdentityFile.read(file)).isEqualTo(IDENTITIES.controller());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void refusesAFileThatIsOpenToOthers(String permissions) throws IOException {
        Path file = directory.resolve("identity.yaml");
        IdentityFiles.write(file, IDENTITIES.agent());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> IdentityFile.read(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void saysWhatIsMissingInAFileWithoutShowingThePassword() throws IOException {
        Path file = write("user: u\npassword: very-secret\ncontroler-acl: c\n");

        assertThatThrownBy(() -> IdentityFile.read(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(file + ":3:1: \"controler-acl\" is not known")
                .hasMessageContaining("\"agent-acl\" is missing")
                .hasMessageNotContaining("very-secret");
    }

    @Test
    void refusesAPasswordThatIsNotTheUsers() throws IOException {
        Path file =
                write(
                        "user: u\npassword: very-secret\ncontroller-acl: 'u:x'\n"
                                + "agent-acl: 'v:y'\n");

        assertThatThrownBy(() -> IdentityFile.read(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("neither the controller nor the agents")
                .hasMessageNotContaining("very-secret");
    }

    @Test
    void saysThatThereIsNoFile() {
        assertThatThrownBy(() -> IdentityFile.read(directory.resolve("absent")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("there is no ZooKeeper identity at");
    }

    @Test
    void knowsItsParty() {
        assertThat(IDENTITIES.controller().isController()).isTrue();
        assertThat(IDENTITIES.agent().isController()).isFalse();
        assertThat(IDENTITIES.agent().toString())
                .doesNotContain(IDENTITIES.agent().password().reveal());
    }

    @Test
    void derivesTheIdThatZooKeeperDerives() {
        // From ZooKeeper's own documentation of the digest scheme's tool.
        assertThat(Identity.acl("super", new Secret("admin")))
                .isEqualTo("super:xQJmxLMiHGwaqBvst5y6rkB6HQs=");
    }

    private Path write(String text) throws IOException {
        Path file = directory.resolve("identity.yaml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
