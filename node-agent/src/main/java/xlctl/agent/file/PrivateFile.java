package xlctl.agent.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A file that holds a secret. */
public final class PrivateFile {
    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private PrivateFile() {}

    /** Whether nobody but the owner may do anything with the file. */
    public static boolean isPrivate(Path file) throws IOException {
        return OWNERS.containsAll(Files.getPosixFilePermissions(file));
    }
}
