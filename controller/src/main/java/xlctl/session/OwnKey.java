package xlctl.session;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.ControllerKey;
import xlctl.topology.InvalidValueException;

/**
 * The files of the SSH key that agents know a home by, and of its replacement. Beside the key in
 * use, {@code ssh-key}, there may be the one that is to replace it, {@code ssh-key.new}, and the
 * one that it replaced, {@code ssh-key.old}. Each step is one rename: after a crash there is a
 * whole key in use, and the step can be done again.
 */
public final class OwnKey {
    private final Path file;

    public OwnKey(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** Where the key is that is to replace the one in use; it need not be there. */
    public Path freshFile() {
        return beside(".new");
    }

    /** Where the key is that was replaced last; it need not be there. */
    public Path formerFile() {
        return beside(".old");
    }

    /**
     * Of the key in use.
     *
     * @throws IOException when it cannot be read, or is no key
     */
    public ControllerKey publicHalf() throws IOException {
        return publicHalf(file);
    }

    /** Of the key that is to replace it. */
    public Optional<ControllerKey> fresh() throws IOException {
        return ifThere(freshFile());
    }

    /** Of the key that was replaced, until it is forgotten. */
    public Optional<ControllerKey> former() throws IOException {
        return ifThere(formerFile());
    }

    /**
     * Makes the key that is to replace the one in use, unless it is there.
     *
     * @param comment for people who read the public half
     */
    public ControllerKey make(String comment) throws IOException {
        if (!isThere(freshFile())) {
            write(freshFile(), SshKey.pair(comment).privateHalf(), "rw-------");
        }
        return publicHalf(freshFile());
    }

    /** Removes the key that was to replace the one in use, where there is one. */
    public void drop() throws IOException {
        Files.deleteIfExists(freshFile());
        Files.deleteIfExists(unfinished(freshFile()));
        sync();
    }

    /** Puts the new key in the place of the one in use, which is kept beside it. */
    public void take() throws IOException {
        String publicHalf = publicHalf(freshFile()) + " xlctl\n";
        write(formerFile(), Files.readAllBytes(file), "rw-------");
        Files.move(freshFile(), file, StandardCopyOption.ATOMIC_MOVE);
        sync();
        write(beside(".pub"), publicHalf.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    /** Removes the key that was replaced, where there is one. */
    public void forget() throws IOException {
        Files.deleteIfExists(formerFile());
        Files.deleteIfExists(unfinished(formerFile()));
        sync();
        byte[] line = (publicHalf() + " xlctl\n").getBytes(StandardCharsets.UTF_8);
        write(beside(".pub"), line, "rw-r--r--");
    }

    /** Why the key in use cannot be replaced, as far as one can know; empty when it can. */
    public Optional<String> hindrance() {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(file + " is no file of its own, but a link or something else");
        }
        return Files.isWritable(file.toAbsolutePath().getParent())
                ? Optional.empty()
                : Optional.of("the directory of " + file + " cannot be written");
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** Where a file is while it is written. */
    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".unfinished");
    }

    private static Optional<ControllerKey> ifThere(Path file) throws IOException {
        return isThere(file) ? Optional.of(publicHalf(file)) : Optional.empty();
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static ControllerKey publicHalf(Path file) throws IOException {
        byte[] privateHalf = Files.readAllBytes(file);
        try {
            KeyPair pair = KeyPair.load(new JSch(), privateHalf, null);
            try {
                byte[] blob = pair.getPublicKeyBlob();
                if (blob == null) {
                    throw new IOException("the public half of the key " + file + " is not in it");
                }
                int length = ByteBuffer.wrap(blob).getInt();
                String type = new String(blob, Integer.BYTES, length, StandardCharsets.US_ASCII);
                return new ControllerKey(type + " " + Base64.getEncoder().encodeToString(blob));
            } finally {
                pair.dispose();
            }
        } catch (JSchException | InvalidValueException e) {
            throw new IOException(file + " holds no SSH key: " + e.getMessage(), e);
        }
    }

    /** Whole or not at all, and as whom the key in use belongs to. */
    private void write(Path target, byte[] content, String permissions) throws IOException {
        Path unfinished = unfinished(target);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(permissions)))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        UserPrincipal owner = Files.getOwner(file);
        if (!owner.equals(Files.getOwner(unfinished))) {
            Files.setOwner(unfinished, owner);
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    private void sync() throws IOException {
        try (FileChannel directory =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
