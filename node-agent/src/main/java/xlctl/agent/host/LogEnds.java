package xlctl.agent.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import xlctl.agent.api.Reply;
import xlctl.text.FileTrouble;

/** The ends of the logs of a host. */
final class LogEnds {
    /** A message has room for 8 MB. */
    private static final int TOTAL_BYTES = 4 * 1024 * 1024;

    /** Of an instance: today's log, yesterday's, and what it wrote before it had a log. */
    private static final int NEWEST = 3;

    /** Where the agent's own log goes: its standard error. */
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final List<Reply.LogEnd> logs = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final int bytes;

    private LogEnds(int bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes at most of each; fewer where there are many
     */
    static Reply.Logs of(List<HostedInstance> instances, int bytes) {
        int most = TOTAL_BYTES / (NEWEST * instances.size() + 1);
        LogEnds ends = new LogEnds(Math.max(0, Math.min(bytes, most)));
        ends.addOwn(STANDARD_ERROR);
        instances.forEach(
                instance -> ends.addServers(instance.name().toString(), instance.logDirectories()));
        return new Reply.Logs(ends.logs, ends.missing);
    }

    private void addOwn(Path standardError) {
        try {
            Path file = Files.readSymbolicLink(standardError);
            if (Files.isRegularFile(file)) {
                add("agent", file);
            } else {
                missing.add(
                        "the agent's own log: it goes to "
                                + file
                                + ", not to a file; see where it was started, as with journalctl");
            }
        } catch (IOException e) {
            missing.add("the agent's own log: " + FileTrouble.named(e));
        }
    }

    private void addServers(String owner, List<Path> directories) {
        List<Path> files = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<Path> found =
                    Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
                found.filter(LogEnds::isLog).forEach(files::add);
            } catch (IOException e) {
                missing.add("the logs of " + owner + ": " + FileTrouble.named(e));
            }
        }
        files.stream()
                .sorted(
                        Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                                .reversed())
                .limit(NEWEST)
                .forEach(file -> add(owner, file));
    }

    /** Whatever else lies there may be a secret. */
    private static boolean isLog(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".log") || name.equals("server.out"));
    }

    private void add(String owner, Path file) {
        try {
            logs.add(end(owner, file, bytes));
        } catch (IOException e) {
            missing.add("the log " + file + " of " + owner + ": " + FileTrouble.of(e));
        }
    }

    /**
     * Whole lines: half of one may begin with half a secret, which nobody would know for one.
     *
     * @param bytes at most
     */
    static Reply.LogEnd end(String owner, Path file, int bytes) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long size = access.length();
            byte[] end = new byte[(int) Math.min(size, bytes)];
            access.seek(size - end.length);
            access.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8);
            String name = file.getFileName().toString();
            return new Reply.LogEnd(
                    owner, name, size, end.length < size ? afterFirstLine(text) : text);
        }
    }

    private static String afterFirstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? "" : text.substring(end + 1);
    }
}
