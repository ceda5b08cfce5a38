package xlctl.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import xlctl.topology.Problem;

/**
 * The {@code docker} program. Words are passed as they are: there is no shell between. Its
 * environment is this process's, so that contexts, DOCKER_HOST and the rest hold as they do for
 * people.
 */
record DockerProgram(String program, Map<String, String> environment, Duration limit) {
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    /** What a run came to. */
    record Output(int exit, String out, String err) {
        boolean ok() {
            return exit == 0;
        }
    }

    /**
     * Runs it to its end.
     *
     * @param doing what it does, for messages
     * @throws DockerException when it cannot be run or takes too long; not when it fails
     */
    Output run(String doing, List<String> words) {
        return run(doing, words, new byte[0]);
    }

    /** The same, with this as its input. */
    Output run(String doing, List<String> words, byte[] input) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DOCKER_CLI_HINTS", "false");
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new DockerException(
                    DockerException.Kind.UNREACHABLE,
                    Problem.of(
                            doing
                                    + ": the program "
                                    + program
                                    + " cannot be run: "
                                    + e.getMessage(),
                            "install Docker, or have its program docker on the PATH"));
        }
        try {
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            write(process.getOutputStream(), input);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw tooLong(doing);
            }
            return new Output(process.exitValue(), text(out, doing), text(err, doing));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DockerException.failed(doing + ": interrupted", "");
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        daemon(
                "docker-output",
                () -> {
                    try (stream) {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.completeExceptionally(e);
                    }
                });
        return text;
    }

    /** In a thread of its own: a program that reads nothing must not hold us up. */
    private static void write(OutputStream stream, byte[] input) {
        daemon(
                "docker-input",
                () -> {
                    try (stream) {
                        stream.write(input);
                    } catch (IOException e) {
                        // It ended without reading all: its exit code and message say why.
                        return;
                    }
                });
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private String text(CompletableFuture<String> stream, String doing)
            throws InterruptedException {
        try {
            return stream.get(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw tooLong(doing);
        } catch (ExecutionException e) {
            throw DockerException.failed(
                    doing + ": what docker printed cannot be read: " + e.getCause(), "");
        }
    }

    private DockerException tooLong(String doing) {
        return new DockerException(
                DockerException.Kind.UNREACHABLE,
                Problem.of(
                        doing + ": docker did not answer within " + limit.toSeconds() + " s",
                        "look whether the engine is at work: docker info"));
    }
}
