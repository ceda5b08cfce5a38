package xlctl.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary directories with short names: the path of a server's local socket has a limit. */
final class ShortPath implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
            throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        int number = 0;
        while (Files.exists(parent.resolve("e" + number))) {
            number++;
        }
        return Files.createDirectory(parent.resolve("e" + number));
    }
}
