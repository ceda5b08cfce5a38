package xlctl.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Docker engine that bin/test provides, with the image of this tree.
 *
 * @param image its name
 * @param work for the output of programs
 */
record DockerEngine(String image, Path work) {
    /** The tag of tests that need one. */
    static final String TAG = "docker";

    private static final String ENGINE = "XLCTL_TEST_DOCKER";
    private static final String IMAGE = "XLCTL_TEST_IMAGE";

    /** Skips the test where there is none. */
    static DockerEngine required(Path work) {
        Optional<String> image = variable(IMAGE);
        assumeTrue(
                variable(ENGINE).isPresent() && image.isPresent(),
                "skipped: " + ENGINE + " and " + IMAGE + " name no Docker engine with the image");
        return new DockerEngine(image.orElseThrow(), work);
    }

    /** Skips the test where there is none that manages a Swarm for tests. */
    static DockerEngine requiredSwarm(Path work) {
        DockerEngine engine = required(work);
        assumeTrue(
                variable(ENGINE).equals(Optional.of("swarm")),
                "skipped: the Docker engine that " + ENGINE + " names has no Swarm for tests");
        return engine;
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    Outcome docker(String... words) throws IOException, InterruptedException {
        return RunningProgram.start(
                        work,
                        work,
                        Map.of(),
                        Stream.concat(Stream.of("docker"), Stream.of(words)).toList())
                .end();
    }

    /** The names or numbers that a listing command of docker's prints, one a line. */
    List<String> list(String... words) throws IOException, InterruptedException {
        return docker(words).exits(0).out().lines().toList();
    }

    /**
     * Puts a file into a container, owned by the user of the image as Docker's secrets are.
     *
     * @param directory of the container
     */
    void copyIn(Path file, String container, String directory, String name)
            throws IOException, InterruptedException {
        Path archive = work.resolve(container + "-" + name + ".tar");
        RunningProgram.start(
                        work,
                        work,
                        Map.of(),
                        List.of(
                                "tar",
                                "--create",
                                "--file=" + archive,
                                "--owner=5432",
                                "--group=5432",
                                "--mode=0400",
                                "--directory=" + file.getParent(),
                                "--transform=s:.*:" + name + ":",
                                file.getFileName().toString()))
                .end()
                .exits(0);
        RunningProgram.start(
                        work,
                        work,
                        Map.of(),
                        List.of(
                                "bash",
                                "-c",
                                "docker cp - \"$1\" <\"$2\"",
                                "cp",
                                container + ":" + directory,
                                archive.toString()))
                .end()
                .exits(0);
    }
}
