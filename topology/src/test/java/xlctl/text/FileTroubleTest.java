package xlctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
    @TempDir Path directory;

    @Test
    void saysWhatTheSystemSaysAndNoNameOfAClass() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path absent = directory.resolve("absent");

        assertThat(FileTrouble.of(from(() -> Files.readString(absent))))
                .isEqualTo("no such file or directory");
        assertThat(FileTrouble.of(from(() -> Files.readString(file.resolve("below")))))
                .isEqualTo("not a directory");
        assertThat(FileTrouble.of(from(() -> Files.delete(directory))))
                .isEqualTo("it is not empty");
        assertThat(FileTrouble.of(from(() -> Files.createDirectories(file))))
                .isEqualTo("there is a file of that name");
        assertThat(FileTrouble.of(new NotDirectoryException("f"))).isEqualTo("it is no directory");
        assertThat(FileTrouble.of(new IOException("No space left on device")))
                .isEqualTo("no space left on device");
        assertThat(FileTrouble.of(new FileSystemException("f", null, "Read-only file system")))
                .isEqualTo("read-only file system");
    }

    @Test
    void namesTheFileWhereThatIsKnown() {
        Path absent = directory.resolve("absent");

        assertThat(FileTrouble.named(from(() -> Files.readString(absent))))
                .isEqualTo(absent + ": no such file or directory");
        assertThat(FileTrouble.named(new IOException("Broken pipe"))).isEqualTo("broken pipe");
    }

    @Test
    void hasTheExceptionSpeakForItselfWhenItHasNoReason() {
        assertThat(FileTrouble.of(new IOException())).isEqualTo("java.io.IOException");
    }

    private static IOException from(ThrowingCallable work) {
        return catchThrowableOfType(IOException.class, work);
    }
}
