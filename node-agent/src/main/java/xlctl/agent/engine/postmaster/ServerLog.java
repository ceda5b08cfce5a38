package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.engine.Site;

/** What a server wrote: to its own log, or to its output before it had one. */
public final class ServerLog {
    private static final int END_BYTES = 4096;
    private static final int LINES = 4;

    /** The last that a postmaster says where it was started. */
    private static final String REDIRECTED = "Future log output will appear in directory";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int MOST_LOOKS = 50;

    private ServerLog() {}

    /** Of a postmaster. */
    public static Path directory(Site site) {
        return site.stateDirectory().resolve("log");
    }

    /** What a server wrote before it had a log, and programs that have none. */
    static Path output(Site site) {
        return site.stateDirectory().resolve("server.out");
    }

    /**
     * The last lines that a server wrote, for a message. One that has just ended may not have all
     * of its lines in its log yet: until two looks find the same there is a wait, a second at most.
     */
    public static String lastWords(Site site, Path logDirectory) {
        return lastWords(
                output(site), logDirectory, () -> LockSupport.parkNanos(LOOK_AGAIN.toNanos()));
    }

    static String lastWords(Path output, Path logDirectory, Runnable pause) {
        List<String> before = List.of();
        List<String> lines = newest(output, logDirectory);
        for (int looks = 1;
                looks < MOST_LOOKS && (isContinuedElsewhere(lines) || !lines.equals(before));
                looks++) {
            pause.run();
            before = lines;
            lines = newest(output, logDirectory);
        }
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    private static boolean isContinuedElsewhere(List<String> lines) {
        return !lines.isEmpty() && lines.get(lines.size() - 1).contains(REDIRECTED);
    }

    /** Of the file that was written to last; of two at the same time the log. */
    private static List<String> newest(Path output, Path logDirectory) {
        List<Path> files = new ArrayList<>(List.of(output));
        if (Files.isDirectory(logDirectory)) {
            try (Stream<Path> logs = Files.list(logDirectory)) {
                logs.forEach(files::add);
            } catch (IOException e) {
                return List.of("its log cannot be read: " + e.getMessage());
            }
        }
        return files.stream()
                .filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
                .sorted(
                        Comparator.<Path>comparingLong(file -> file.toFile().lastModified())
                                .reversed()
                                .thenComparing(file -> file.equals(output)))
                .findFirst()
                .map(ServerLog::end)
                .orElse(List.of());
    }

    private static List<String> end(Path file) {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, access.length() - END_BYTES);
            byte[] bytes = new byte[(int) (access.length() - from)];
            access.seek(from);
            access.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toList());
        } catch (IOException e) {
            return List.of("its log cannot be read: " + e.getMessage());
        }
    }
}
