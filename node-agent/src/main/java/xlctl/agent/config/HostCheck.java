package xlctl.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.file.DurableFile;
import xlctl.store.IdentityFile;
import xlctl.text.FileTrouble;
import xlctl.text.TextFile;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Problem;

/** Whether an agent with these settings can work on this host as this user. */
public final class HostCheck {
    private static final int ROOT = 0;

    private HostCheck() {}

    /**
     * Makes the directories that are not there and says everything that stands in the way; nothing
     * is made for root.
     */
    public static List<Problem> prepare(AgentConfig config) throws IOException {
        return prepare(config, (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    static List<Problem> prepare(AgentConfig config, int user) {
        if (user == ROOT) {
            return List.of(
                    Problem.of(
                            "PostgreSQL refuses to run as root",
                            "run the agent as an unprivileged user"));
        }
        List<Problem> problems = new ArrayList<>();
        directory("state", config.stateDirectory(), problems);
        config.dataRoots().forEach(root -> directory("data-roots", root, problems));
        if (readable("authorized-keys", config.authorizedKeys(), problems)) {
            keys(config.authorizedKeys(), problems);
        }
        if (readable("zookeeper-identity", config.identityFile(), problems)) {
            identity(config.identityFile(), problems);
        }
        return problems;
    }

    private static void directory(String key, Path directory, List<Problem> problems) {
        try {
            DurableFile.createDirectories(directory);
        } catch (IOException e) {
            problems.add(
                    Problem.of(
                            key
                                    + ": the directory "
                                    + directory
                                    + " cannot be made: "
                                    + FileTrouble.of(e),
                            "make it and give it to the agent's user"));
            return;
        }
        if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
            problems.add(
                    Problem.of(
                            key + ": the directory " + directory + " cannot be written",
                            "give it to the agent's user"));
        }
    }

    private static boolean readable(String key, Path file, List<Problem> problems) {
        boolean readable = Files.isRegularFile(file) && Files.isReadable(file);
        if (!readable) {
            problems.add(
                    Problem.of(
                            key
                                    + ": "
                                    + file
                                    + (Files.exists(file)
                                            ? " is not a file that the agent can read"
                                            : " is not there"),
                            "put it there, readable for the agent's user"));
        }
        return readable;
    }

    private static void keys(Path file, List<Problem> problems) {
        try {
            TextFile.read(file);
        } catch (IOException e) {
            problems.add(
                    Problem.of(
                            "authorized-keys: " + file + " cannot be read: " + e.getMessage(), ""));
        }
    }

    private static void identity(Path file, List<Problem> problems) {
        try {
            IdentityFile.read(file);
        } catch (InvalidValueException e) {
            problems.add(Problem.of("zookeeper-identity: " + e.getMessage(), ""));
        }
    }
}
