package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.process.ProcessIdentity;

/**
 * Makes what killed servers left behind look as if it came from an earlier life of this host's
 * container: their numbers are other processes' now.
 */
final class EarlierLife implements AutoCloseable {
    private static final String LOCK = "postmaster\\.pid|gtm(_proxy)?\\.pid|\\.s\\..*\\.lock";

    /** Not the servers' parent: that number they would take for their own. */
    private final Process stranger;

    private EarlierLife(Process stranger) {
        this.stranger = stranger;
    }

    /**
     * @param boot what the agent remembers its servers' processes to be of; the agent does not run
     * @param locks how many lock files must have been left
     */
    static EarlierLife leaveTo(AgentConfig host, String boot, int locks) throws IOException {
        EarlierLife life = new EarlierLife(new ProcessBuilder("sleep", "600").start());
        long number = life.stranger.pid();
        InstanceRecords records = new InstanceRecords(host.stateDirectory());
        List<Path> directories = new ArrayList<>(List.of(host.stateDirectory().resolve("run")));
        for (InstanceRecord record : records.readAll()) {
            ProcessIdentity before = record.process().orElseThrow();
            records.write(
                    record.with(
                            new ProcessIdentity(
                                    number,
                                    before.startTicks(),
                                    boot.isEmpty() ? before.boot() : boot)));
            directories.add(Path.of(record.dataDirectory()));
        }
        int found = 0;
        for (Path directory : directories) {
            for (Path file : locksIn(directory)) {
                List<String> lines = new ArrayList<>(Files.readAllLines(file));
                lines.set(0, Long.toString(number));
                Files.write(file, lines);
                found++;
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(locks);
        return life;
    }

    private static List<Path> locksIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(LOCK)).toList();
        }
    }

    /** Whether the number in the locks is still another process's. */
    boolean numberIsTaken() {
        return stranger.isAlive();
    }

    @Override
    public void close() {
        stranger.destroyForcibly();
    }
}
