package xlctl.agent.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    @TempDir Path directory;
    private Path data;

    @BeforeEach
    void installTwoVersions() throws IOException {
        for (String version : new String[] {"9.6", "15", "16"}) {
            Path bin = Files.createDirectories(directory.resolve(version).resolve("bin"));
            assertThat(Files.createFile(bin.resolve("postgres")).toFile().setExecutable(true))
                    .isTrue();
        }
        data = Files.createDirectories(directory.resolve("data"));
    }

    @Test
    void makesNewDirectoriesWithTheNewestVersion() {
        assertThat(programs().path("postgres", data)).isEqualTo(postgres("16"));
    }

    @Test
    void staysWithTheVersionThatMadeADirectoryWhenANewerOneIsInstalled() throws IOException {
        Files.writeString(data.resolve("PG_VERSION"), "15\n");

        assertThat(programs().path("postgres", data)).isEqualTo(postgres("15"));
    }

    @Test
    void usesTheHomeThatWasSetWhateverIsInstalled() throws IOException {
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Programs programs = new Programs(Optional.of(Path.of("/opt/pg")), directory);

        assertThat(programs.path("postgres", data)).isEqualTo(Path.of("/opt/pg/bin/postgres"));
    }

    private Programs programs() {
        return new Programs(Optional.empty(), directory);
    }

    private Path postgres(String version) {
        return directory.resolve(version).resolve("bin/postgres");
    }
}
