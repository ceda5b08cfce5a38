package xlctl.shell.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ClientLogin;
import xlctl.topology.ClusterName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

class WrittenAccessTest {
    @TempDir Path directory;

    @Test
    void renewsThePasswordOfTheHomeAndOfEveryDirectoryThatWasWritten() throws IOException {
        Path home = directory.resolve("home");
        new WrittenAccess(home).remember(directory.resolve("one"));
        new WrittenAccess(home).remember(directory.resolve("two"));
        new WrittenAccess(home).remember(directory.resolve("one"));
        Path own = write(home, "*:*:*:app:old\n");
        Path one = write(directory.resolve("one"), "# mine\n*:*:*:bob:old\n*:*:*:app:old\n");

        WrittenAccess.Renewed renewed = new WrittenAccess(home).renew(login("new"));

        assertThat(renewed.written()).containsExactly(own, one);
        assertThat(renewed.failed()).isEmpty();
        assertThat(own).hasContent("*:*:*:app:new\n");
        assertThat(one).hasContent("# mine\n*:*:*:bob:old\n*:*:*:app:new\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(WrittenAccess.list(home))).hasSize(2);
    }

    @Test
    void leavesAloneWhatHasThePasswordAlready() throws IOException {
        Path own = write(directory, "*:*:*:app:same\n");

        assertThat(new WrittenAccess(directory).renew(login("same")).written()).isEmpty();
        assertThat(own).hasContent("*:*:*:app:same\n");
    }

    @Test
    void namesAFileThatCannotBeRenewed() throws IOException {
        Path own = write(directory, "*:*:*:app:old\n");
        Files.createDirectories(directory.resolve(".pgpass.new/taken"));

        WrittenAccess.Renewed renewed = new WrittenAccess(directory).renew(login("new"));

        assertThat(renewed.written()).isEmpty();
        assertThat(renewed.failed()).singleElement().asString().contains(own.toString());
        assertThat(own).hasContent("*:*:*:app:old\n");
    }

    @Test
    void namesWhatIsNoPathHereAndRenewsTheOthers() throws IOException {
        Path own = write(directory, "*:*:*:app:old\n");
        Path one = write(directory.resolve("one"), "*:*:*:app:old\n");
        Files.write(
                WrittenAccess.list(directory),
                List.of("/no\0path", directory.resolve("one").toString()));

        WrittenAccess.Renewed renewed = new WrittenAccess(directory).renew(login("new"));

        assertThat(renewed.written()).containsExactly(own, one);
        assertThat(renewed.failed()).singleElement().asString().contains("this is not a path");
    }

    @Test
    void renewsThePasswordOfTheHomeWhereTheListCannotBeRead() throws IOException {
        Path own = write(directory, "*:*:*:app:old\n");
        Files.write(WrittenAccess.list(directory), new byte[] {(byte) 0xff});

        WrittenAccess.Renewed renewed = new WrittenAccess(directory).renew(login("new"));

        assertThat(renewed.written()).containsExactly(own);
        assertThat(renewed.failed()).singleElement().asString().contains("client-files: ");
    }

    @Test
    void leavesAloneWhatIsOfAnotherClusterByNow() throws IOException {
        Path own = write(directory, "*:*:*:app:theirs\n");
        Files.writeString(directory.resolve("pg_service.conf"), "[d]\nhost=coord\n");

        WrittenAccess.Renewed renewed = new WrittenAccess(directory).renew(login("new"));

        assertThat(renewed.written()).isEmpty();
        assertThat(renewed.failed())
                .containsExactly(own + ": the service file beside it has no service of cluster c");
        assertThat(own).hasContent("*:*:*:app:theirs\n");
    }

    @Test
    void knowsWhereThisHomeHasWrittenFilesOfACluster() throws IOException {
        WrittenAccess access = new WrittenAccess(directory.resolve("home"));
        write(directory.resolve("one"), "");
        write(directory.resolve("two"), "");
        access.remember(directory.resolve("one"));

        assertThat(access.has(directory.resolve("one"), new ClusterName("c"))).isTrue();
        assertThat(access.has(directory.resolve("one"), new ClusterName("d"))).isFalse();
        assertThat(access.has(directory.resolve("two"), new ClusterName("c"))).isFalse();
        assertThat(access.has(directory.resolve("three"), new ClusterName("c"))).isFalse();
    }

    private static Path write(Path into, String text) throws IOException {
        Files.createDirectories(into);
        Files.writeString(into.resolve("pg_service.conf"), "[c]\nhost=coord\n");
        return Files.writeString(into.resolve("pgpass"), text);
    }

    private static ClientLogin login(String password) {
        return new ClientLogin(
                new ClusterName("c"),
                "app",
                new Secret(password),
                Optional.empty(),
                List.of(
                        new ClientLogin.Coordinator(
                                new NodeName("coord"), HostPort.parse("coord:5432"))));
    }
}
