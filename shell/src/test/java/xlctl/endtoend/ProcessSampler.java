package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What {@code ps} and its like can see, looked at without a pause until the end. */
final class ProcessSampler {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::look, "process-sampler");
    private volatile boolean ended;

    private ProcessSampler() {}

    static ProcessSampler start() {
        ProcessSampler sampler = new ProcessSampler();
        sampler.thread.setDaemon(true);
        sampler.thread.start();
        return sampler;
    }

    /** Command lines and environments, each once. */
    Set<String> seen() {
        return Set.copyOf(seen);
    }

    private void look() {
        while (!ended) {
            try (DirectoryStream<Path> processes =
                    Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    keep(process.resolve("cmdline"));
                    keep(process.resolve("environ"));
                }
            } catch (IOException e) {
                throw new IllegalStateException("/proc cannot be read", e);
            }
        }
    }

    /** What has ended meanwhile, or is somebody else's, cannot be read. */
    private void keep(Path file) {
        String text = text(file);
        if (!text.isEmpty()) {
            seen.add(text);
        }
    }

    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    void end() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
