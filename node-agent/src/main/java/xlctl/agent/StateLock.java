package xlctl.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import xlctl.topology.Problem;

/** Keeps a second agent out of a state directory; gone with the process, however that ends. */
final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws StartRefusedException when another agent has it
     */
    static StateLock take(Path stateDirectory) throws IOException, StartRefusedException {
        Path file = stateDirectory.resolve("lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (!isLocked(channel)) {
                String holder = Files.readString(file).strip();
                throw new StartRefusedException(
                        StartRefusedException.REFUSED,
                        Problem.of(
                                "another agent, process "
                                        + holder
                                        + ", works on the state directory "
                                        + stateDirectory,
                                "stop it first, or give this one a directory of its own"));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new StateLock(channel);
        } catch (IOException | StartRefusedException e) {
            channel.close();
            throw e;
        }
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
