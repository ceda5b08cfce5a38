package xlctl.text;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;

/** Why something with a file or a directory did not work, in words for people. */
public final class FileTrouble {
    private FileTrouble() {}

    /** Without the file's name: for who says which file it was about. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        }
        if (e instanceof NotDirectoryException) {
            return "it is no directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "it is not empty";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null || reason.isEmpty()
                ? e.toString()
                : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }

    /** With the name of the file or the directory, as far as it is known. */
    public static String named(IOException e) {
        return e instanceof FileSystemException file && file.getFile() != null
                ? file.getFile() + ": " + of(e)
                : of(e);
    }

    /** Whether there was no room to write, whatever keeps it from being there. */
    static Optional<String> noRoom(IOException e) {
        String words = of(e);
        return switch (words) {
            case "no space left on device", "disk quota exceeded", "file too large" ->
                    Optional.of(words);
            default -> Optional.empty();
        };
    }
}
