package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network namespace with a loopback of its own, so that the quickstart's fixed addresses are
 * free. Its processes are this user's; closing it ends them all.
 */
final class PrivateNetwork implements AutoCloseable {
    private final Process holder;
    private final Path output;

    private PrivateNetwork(Process holder, Path output) {
        this.holder = holder;
        this.output = output;
    }

    /**
     * @param output for the output of what runs in it
     */
    static PrivateNetwork open(Path output) throws IOException {
        assumeFalse(
                System.getProperty("user.name").equals("root"),
                "PostgreSQL refuses to run as root: bin/test runs this as another user");
        Process holder =
                new ProcessBuilder(
                                "unshare",
                                "--user",
                                "--map-current-user",
                                "--keep-caps",
                                "--net",
                                "--",
                                "sh",
                                "-c",
                                "ip link set lo up && echo ready && exec cat")
                        .redirectErrorStream(true)
                        .start();
        String said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))
                        .readLine();
        assumeTrue(
                "ready".equals(said), "this kernel lets no user make network namespaces: " + said);
        return new PrivateNetwork(holder, output);
    }

    Outcome run(String... words) throws IOException, InterruptedException {
        return start(words).end();
    }

    RunningProgram start(String... words) throws IOException {
        return start(output, Map.of(), List.of(words));
    }

    RunningProgram start(Path directory, Map<String, String> environment, List<String> words)
            throws IOException {
        return RunningProgram.start(output, directory, environment, inside(words));
    }

    /** The words that run a program in it. */
    List<String> inside(List<String> words) {
        List<String> enter =
                List.of(
                        "nsenter",
                        "--preserve-credentials",
                        "--user",
                        "--net",
                        "--target",
                        Long.toString(holder.pid()),
                        "--");
        return Stream.concat(enter.stream(), words.stream()).toList();
    }

    /** What runs in it. */
    List<ProcessHandle> processes() {
        Optional<Path> here = network(holder.pid());
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != holder.pid())
                .filter(process -> here.isPresent() && network(process.pid()).equals(here))
                .toList();
    }

    private static Optional<Path> network(long pid) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> {
                            processes().forEach(ProcessHandle::destroyForcibly);
                            return processes().isEmpty();
                        });
        holder.destroyForcibly();
    }
}
