package xlctl.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files as a whole or not at all: a disk that is full leaves no beginning of one. */
public final class NewFile {
    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private NewFile() {}

    /**
     * Writes a new file of mode 0600.
     *
     * @throws FileAlreadyExistsException when there is one
     */
    public static void forOwner(Path file, byte[] content) throws IOException {
        create(file, content, OWNER_ALONE);
    }

    /**
     * Writes a new file that others may read where nothing else is said.
     *
     * @throws FileAlreadyExistsException when there is one
     */
    public static void forAll(Path file, byte[] content) throws IOException {
        create(file, content);
    }

    /** The same, in the place of one that may be there. */
    public static void replacing(Path file, byte[] content) throws IOException {
        Path fresh = beside(file);
        create(fresh, content);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw without(fresh, e);
        }
    }

    /**
     * Writes a file of mode 0600 in the place of one that may be there, and gives it to whom that
     * one belongs to.
     */
    public static void replacingForOwner(Path file, byte[] content) throws IOException {
        Path fresh = beside(file);
        create(fresh, content, OWNER_ALONE);
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                giveToOwnerOf(file, fresh);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw without(fresh, e);
        }
    }

    /** Where a file is while it is written; what a crash has left there is gone. */
    private static Path beside(Path file) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        return fresh;
    }

    private static void giveToOwnerOf(Path file, Path fresh) throws IOException {
        PosixFileAttributes wanted =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributeView given =
                Files.getFileAttributeView(
                        fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes is = given.readAttributes();
        if (!is.group().equals(wanted.group())) {
            given.setGroup(wanted.group());
        }
        if (!is.owner().equals(wanted.owner())) {
            given.setOwner(wanted.owner());
        }
    }

    /** Why a file could not be written, for people; without its name. */
    public static String trouble(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such directory";
        }
        if (e instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is there and is no directory";
        }
        return FileTrouble.noRoom(e)
                .map(
                        words ->
                                words
                                        + "; nothing of it is left there: make space, or name"
                                        + " another place")
                .orElseGet(() -> FileTrouble.of(e));
    }

    private static void create(Path file, byte[] content, FileAttribute<?>... attributes)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attributes)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            throw without(file, e);
        }
    }

    private static IOException without(Path file, IOException why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        return why;
    }
}
