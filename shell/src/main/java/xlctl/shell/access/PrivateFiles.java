package xlctl.shell.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import xlctl.text.NewFile;
import xlctl.topology.Secret;

/** Files that nobody but their owner reads. */
public final class PrivateFiles {
    private PrivateFiles() {}

    /**
     * Writes a new file of mode 0600, as a whole or not at all.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one
     */
    public static void create(Path file, String text) throws IOException {
        create(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #create(Path, String)}. */
    public static void create(Path file, byte[] content) throws IOException {
        NewFile.forOwner(file, content);
    }

    /** Writes a file in the place of one that may be there, for whom that one belongs to. */
    static void replace(Path file, String text) throws IOException {
        NewFile.replacingForOwner(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A line of a password file: this role, wherever it connects. */
    public static String passwordLine(String role, Secret password) {
        return "*:*:*:" + role + ":" + password.reveal() + "\n";
    }
}
