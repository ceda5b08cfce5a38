package xlctl.store.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps a second server off a data directory; the kernel releases it when the process ends. */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    static DataLock take(Path data) {
        try {
            Files.createDirectories(
                    data,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            requirePrivate(data);
            FileChannel channel =
                    FileChannel.open(
                            data.resolve("server.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new CannotStartException(
                        CannotStartException.Reason.DATA_IN_USE,
                        "cannot start a ZooKeeper server on "
                                + data
                                + ": another one is running on it; stop that one or choose another"
                                + " directory",
                        null);
            }
            return new DataLock(channel);
        } catch (IOException e) {
            throw new CannotStartException(
                    CannotStartException.Reason.DATA_NOT_USABLE,
                    "cannot start a ZooKeeper server on "
                            + data
                            + ": "
                            + e
                            + "; it must be a directory that this user may write",
                    e);
        }
    }

    /** The secrets of clusters lie in there. */
    private static void requirePrivate(Path data) throws IOException {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(data));
        if (!permissions.endsWith("------")) {
            throw new CannotStartException(
                    CannotStartException.Reason.DATA_NOT_USABLE,
                    "cannot start a ZooKeeper server on "
                            + data
                            + ": others than its owner may enter it ("
                            + permissions
                            + "), and it holds secrets: chmod 700 "
                            + data,
                    null);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
