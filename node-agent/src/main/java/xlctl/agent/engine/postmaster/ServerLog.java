package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.engine.Site;

/** What a server wrote: to its own log, or to its output before it had one. */
public final class ServerLog {
    private static final int END_BYTES = 4096;
    private static final int LINES = 4;

    private ServerLog() {}

    /** Of a postmaster. */
    public static Path directory(Site site) {
        return site.stateDirectory().resolve("log");
    }

    /** What a server wrote before it had a log, and programs that have none. */
    static Path output(Site site) {
        return site.stateDirectory().resolve("server.out");
    }

    public static String lastWords(Site site, Path logDirectory) {
        List<Path> files = new ArrayList<>(List.of(output(site)));
        if (Files.isDirectory(logDirectory)) {
            try (Stream<Path> logs = Files.list(logDirectory)) {
                logs.forEach(files::add);
            } catch (IOException e) {
                return "its log cannot be read: " + e.getMessage();
            }
        }
        List<String> lines =
                files.stream()
                        .filter(Files::isRegularFile)
                        .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                        .map(ServerLog::end)
                        .orElse(List.of());
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
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
