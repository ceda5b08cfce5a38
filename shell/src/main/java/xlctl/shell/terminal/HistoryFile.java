package xlctl.shell.terminal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import xlctl.text.NewFile;

/** The file of the lines that were typed, readable by nobody else. */
final class HistoryFile {
    private static final Set<PosixFilePermission> OWNER_ALONE =
            PosixFilePermissions.fromString("rw-------");

    private HistoryFile() {}

    /**
     * Makes the file if it is not there.
     *
     * @return why it cannot be used: the prompt works without one
     */
    static Optional<String> prepare(Path file) {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
                return Optional.empty();
            } catch (FileAlreadyExistsException e) {
                return troubleWith(file);
            }
        } catch (CharacterCodingException e) {
            return Optional.of("it is not UTF-8 text; move it away");
        } catch (IOException e) {
            return Optional.of(NewFile.trouble(e));
        }
    }

    /** Takes the beginning of a line off its end, which a full disk left there. */
    static void endWithAWholeLine(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long end = open.length();
            while (end > 0) {
                open.seek(end - 1);
                if (open.read() == '\n') {
                    break;
                }
                end--;
            }
            if (end < open.length()) {
                open.setLength(end);
            }
        }
    }

    private static Optional<String> troubleWith(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.of("it is not a file");
        }
        if (!Files.isReadable(file)) {
            return Optional.of("it cannot be read");
        }
        if (!Files.isWritable(file)) {
            return Optional.of("it cannot be written");
        }
        Files.readString(file);
        if (!OWNER_ALONE.equals(Files.getPosixFilePermissions(file))) {
            Files.setPosixFilePermissions(file, OWNER_ALONE);
        }
        return Optional.empty();
    }
}
