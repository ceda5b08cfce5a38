package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file system has left, in the words of errors that may come of it. */
final class FreeSpace {
    private FreeSpace() {}

    /** For a path that need not exist. */
    static String of(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return (Files.getFileStore(existing).getUsableSpace() >> 20) + " MB are free there";
        } catch (IOException e) {
            return "how much is free there cannot be told: " + e.getMessage();
        }
    }
}
