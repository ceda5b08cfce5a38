package xlctl.agent.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps logs short that their servers never begin anew: one that has grown long is copied aside, in
 * the place of its last copy, and emptied. What the server writes between the two is lost. One
 * thread.
 */
final class EndlessLogs implements AutoCloseable {
    static final long LONGEST_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(EndlessLogs.class);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    private static final String END = ".log";

    private final Instances instances;
    private final Loop loop = new Loop("xlctl-logs", LOOK_AGAIN, this::round);

    // Of the loop's thread alone.
    private final Map<Path, String> failures = new HashMap<>();

    EndlessLogs(Instances instances) {
        this.instances = instances;
    }

    void start() {
        loop.start();
    }

    boolean isAtWork() {
        return loop.isAtWork();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration round(boolean woken) {
        instances.all().forEach(instance -> instance.endlessLogs().forEach(this::keepShort));
        return LOOK_AGAIN;
    }

    private void keepShort(Path log) {
        try {
            keepShort(log, LONGEST_BYTES);
            failures.remove(log);
        } catch (IOException e) {
            if (!e.toString().equals(failures.put(log, e.toString()))) {
                LOG.error("copying {} aside, which has grown long", log, e);
            }
        }
    }

    /** For a log to which its server appends: it goes on at the beginning. */
    static void keepShort(Path log, long longest) throws IOException {
        if (!Files.exists(log) || Files.size(log) <= longest) {
            return;
        }
        Files.copy(
                log,
                old(log),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        LOG.info("copied {} to {} and emptied it", log, old(log));
    }

    /** It ends like a log, so that it is found as one. */
    static Path old(Path log) {
        String name = log.getFileName().toString();
        String stem = name.endsWith(END) ? name.substring(0, name.length() - END.length()) : name;
        return log.resolveSibling(stem + ".old" + END);
    }
}
