package xlctl.text;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The kernel's limit of the size of the files that this process writes, which what it starts
 * inherits. It stands for a full disk, which no test can make without being root.
 */
public final class FileSizeLimit {
    private FileSizeLimit() {}

    /** The soft limit. */
    public static void set(long bytes) {
        limit(Long.toString(bytes));
    }

    public static void lift() {
        limit("unlimited");
    }

    private static void limit(String bytes) {
        try {
            int exit =
                    new ProcessBuilder(
                                    "prlimit",
                                    "--pid",
                                    Long.toString(ProcessHandle.current().pid()),
                                    "--fsize=" + bytes + ":")
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new AssertionError("prlimit ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
