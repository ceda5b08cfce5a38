package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerProgramTest {
    @TempDir private Path directory;

    private DockerProgram script(String text, Duration limit) throws IOException {
        Path file = directory.resolve("docker");
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new DockerProgram(file.toString(), Map.of("SAID", "yes"), limit);
    }

    @Test
    void passesWordsInputAndEnvironmentAsTheyAre() throws IOException {
        DockerProgram program =
                script("cat; echo \"$#:$1:$SAID\"; echo oh >&2; exit 3", Duration.ofSeconds(20));

        DockerProgram.Output output =
                program.run(
                        "trying",
                        List.of("a b; $(id)", "x"),
                        "secret\n".getBytes(StandardCharsets.UTF_8));

        assertThat(output)
                .isEqualTo(new DockerProgram.Output(3, "secret\n2:a b; $(id):yes\n", "oh\n"));
    }

    @Test
    void aProgramThatDoesNotAnswerIsEnded() throws IOException {
        DockerProgram program = script("exec sleep 1000", Duration.ofMillis(300));

        assertThatThrownBy(() -> program.run("trying", List.of(), new byte[0]))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(DockerException.Kind.UNREACHABLE);
                            assertThat(e).hasMessageContaining("trying: docker did not answer");
                        });
    }

    @Test
    void aMissingProgramIsUnreachable() {
        DockerProgram program =
                new DockerProgram(
                        directory.resolve("none").toString(), Map.of(), Duration.ofSeconds(5));

        assertThatThrownBy(() -> program.run("trying", List.of(), new byte[0]))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(DockerException.Kind.UNREACHABLE);
                            assertThat(e.problem().remedy()).contains("install Docker");
                        });
    }

    @Test
    void aServiceThatChangedMeanwhileIsChangedAgain() throws IOException {
        Path count = directory.resolve("count");
        script(
                """
                [ "$1" = image ] && exit 0
                echo x >>%s
                [ $(wc -l <%s) -ge 3 ] && exit 0
                echo 'Error response from daemon: rpc error: code = Unknown desc = update out of sequence' >&2
                exit 1
                """
                        .formatted(count, count),
                Duration.ofSeconds(20));
        ServiceSpec spec = Specs.member("db-1");

        DockerCli.with(directory.resolve("docker").toString(), Map.of()).updateService(spec, spec);

        assertThat(Files.readAllLines(count)).hasSize(3);
    }
}
