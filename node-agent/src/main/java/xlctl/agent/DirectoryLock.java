package xlctl.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import xlctl.agent.config.AgentConfig;
import xlctl.text.Quoted;
import xlctl.text.TextFile;
import xlctl.topology.Problem;

/** Keeps a second agent out of a directory; gone with the process, however that ends. */
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws StartRefusedException when another agent has it
     */
    static DirectoryLock ofState(AgentConfig config) throws IOException, StartRefusedException {
        return take("state directory", config.stateDirectory(), "lock", config);
    }

    /**
     * @param root one of the data roots: what is in it must not be made by two agents
     * @throws StartRefusedException when another agent has it
     */
    static DirectoryLock ofDataRoot(Path root, AgentConfig config)
            throws IOException, StartRefusedException {
        return take("data root", root, ".xlctl-agent", config);
    }

    private static DirectoryLock take(String what, Path directory, String name, AgentConfig config)
            throws IOException, StartRefusedException {
        Path file = directory.resolve(name);
        FileChannel channel = open(file, what);
        try {
            if (!isLocked(channel)) {
                throw new StartRefusedException(
                        StartRefusedException.REFUSED,
                        Problem.of(
                                "another agent, "
                                        + Quoted.line(TextFile.read(file).strip())
                                        + ", works on the "
                                        + what
                                        + " "
                                        + directory,
                                "stop it first, or give this one a directory of its own"));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder(config).getBytes(StandardCharsets.UTF_8)));
            return new DirectoryLock(channel);
        } catch (IOException | StartRefusedException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel open(Path file, String what)
            throws IOException, StartRefusedException {
        try {
            return FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-r--r--")));
        } catch (AccessDeniedException e) {
            boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            throw new StartRefusedException(
                    StartRefusedException.REFUSED,
                    Problem.of(
                            "the "
                                    + what
                                    + " "
                                    + file.getParent()
                                    + (there
                                            ? " is another agent's: "
                                                    + file
                                                    + " belongs to "
                                                    + Files.getOwner(file).getName()
                                            : " cannot be written by "
                                                    + System.getProperty("user.name")),
                            "start the agent as the user to whom it belongs, or give this one a"
                                    + " directory of its own"));
        }
    }

    private static String holder(AgentConfig config) {
        return "process "
                + ProcessHandle.current().pid()
                + " of host "
                + config.host()
                + " in cluster "
                + config.cluster()
                + "\n";
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
