package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.file.DurableFile;
import xlctl.text.Quoted;
import xlctl.text.TextFile;

/**
 * A line in each data directory by which other agents of the machine, and people, see whose it is.
 * Nothing is decided by it.
 */
final class InstanceMark {
    private static final String NAME = "xlctl.instance";

    private InstanceMark() {}

    static void write(Path dataDirectory, InstanceSpec spec, AgentConfig config)
            throws IOException {
        DurableFile.write(
                dataDirectory.resolve(NAME),
                spec.instance().name()
                        + " of cluster "
                        + spec.cluster()
                        + " on host "
                        + config.host()
                        + "\n");
    }

    /** Whose the directory is, as far as this user may see it. */
    static Optional<String> in(Path directory) {
        Path mark = directory.resolve(NAME);
        if (!Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return TextFile.read(mark).lines().findFirst().map(Quoted::line);
        } catch (IOException notForThisUser) {
            return Optional.empty();
        }
    }

    /** Whose server a process is, by the directory that it works in. */
    static Optional<String> ofProcess(long pid) {
        try {
            return in(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")));
        } catch (IOException goneOrOfAnotherUser) {
            return Optional.empty();
        }
    }
}
