package xlctl.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The stock server on this machine. */
final class Postgres {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private Postgres() {}

    /** Where the newest one's programs are. */
    static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(
                            Comparator.comparingInt(
                                    bin ->
                                            Integer.parseInt(
                                                    bin.getParent().getFileName().toString())))
                    .orElseThrow(() -> new AssertionError("no PostgreSQL in " + VERSIONS));
        }
    }
}
