package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import xlctl.text.NewFile;

/** Files of identities, for tests. */
public final class IdentityFiles {
    private IdentityFiles() {}

    /** Replaces one that is there. */
    public static void write(Path file, Identity identity) throws IOException {
        Files.deleteIfExists(file);
        NewFile.forOwner(file, IdentityFile.text(identity).getBytes(UTF_8));
    }
}
