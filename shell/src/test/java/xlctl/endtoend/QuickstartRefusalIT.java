package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the quickstart does not begin: it says why, once, and changes nothing. */
class QuickstartRefusalIT {
    @TempDir(factory = ShortPath.class)
    private Path work;

    private QuickstartCluster cluster;

    @BeforeEach
    void open() throws Exception {
        cluster = QuickstartCluster.in(work);
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void refusesAForeignListenerOnAnAddressItNeeds() throws Exception {
        cluster.network()
                .start(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        ForeignListener.class.getName(),
                        "127.0.1.3",
                        "5432")
                .awaitOutput("listening");

        Outcome refused = cluster.quickstart().exits(4);

        assertThat(refused.err()).contains("127.0.1.3:5432", "nothing was changed");
        assertThat(refused.err().lines().filter(line -> line.contains("127.0.1."))).hasSize(1);
        assertThat(cluster.home()).doesNotExist();
        assertThat(cluster.network().processes()).hasSize(1);
    }

    @Test
    void refusesADirectoryItCannotEnter() throws Exception {
        Path closed =
                Files.createDirectory(
                        work.resolve("closed"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("---------")));

        Outcome refused = cluster.xlctl("quickstart", "--dir", closed.resolve("in").toString());

        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThat(refused.exits(4).err()).contains(closed.toString(), "--dir");
        assertThat(closed).isEmptyDirectory();
        assertThat(cluster.network().processes()).isEmpty();
    }

    @Test
    void refusesAHomeThatItDidNotMake() throws Exception {
        cluster.xlctl(
                        "home",
                        cluster.home().toString(),
                        "--cluster",
                        "other",
                        "--zookeeper",
                        "127.0.0.1:2181")
                .exits(0);
        List<Path> before = files(cluster.home());

        Outcome refused = cluster.quickstart().exits(4);

        assertThat(refused.err()).contains(cluster.home() + " is a home already");
        assertThat(files(cluster.home())).isEqualTo(before);
        assertThat(cluster.network().processes()).isEmpty();
    }

    @Test
    void refusesADirectoryTooLongForLocalSockets() throws Exception {
        Path deep = work.resolve("d".repeat(80));

        Outcome refused = cluster.xlctl("quickstart", "--dir", deep.toString()).exits(4);

        assertThat(refused.err()).contains("too long for the servers' local sockets");
        assertThat(deep).doesNotExist();
        assertThat(cluster.network().processes()).isEmpty();
    }

    @Test
    void takesDownNothingWhereItMadeNothing() throws Exception {
        Path note = Files.writeString(Files.createDirectory(cluster.home()).resolve("note"), "x");

        Outcome refused = cluster.quickstart("--down").exits(4);

        assertThat(refused.err()).contains("made nothing in " + cluster.home());
        assertThat(note).exists();
    }

    private static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }
}
