package xlctl.shell.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import xlctl.topology.InvalidValueException;

/** Where the texts come from that commands name as files. */
@FunctionalInterface
public interface TextFiles {
    /** The largest file that travels with a command. */
    int MAX_BYTES = 1024 * 1024;

    /**
     * @throws InvalidValueException naming the file and why it cannot be used
     */
    String read(String name);

    /** Files of this machine; a relative name starts at the given directory. */
    static TextFiles below(Path directory) {
        return name -> {
            try {
                Path file = directory.resolve(name);
                if (Files.isDirectory(file)) {
                    throw unusable(name, "it is a directory");
                }
                byte[] bytes;
                try (InputStream in = Files.newInputStream(file)) {
                    bytes = in.readNBytes(MAX_BYTES + 1);
                }
                if (bytes.length > MAX_BYTES) {
                    throw unusable(name, "it is larger than 1 MB");
                }
                return text(name, bytes);
            } catch (NoSuchFileException e) {
                throw unusable(
                        name,
                        Path.of(name).isAbsolute()
                                ? "there is no such file"
                                : "there is no such file in " + directory);
            } catch (AccessDeniedException e) {
                throw unusable(name, "permission denied");
            } catch (IOException | InvalidPathException e) {
                throw unusable(name, String.valueOf(e.getMessage()));
            }
        };
    }

    private static String text(String name, byte[] bytes) throws IOException {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.indexOf('\0') >= 0) {
                throw unusable(name, "it is not a text: it has a zero byte in it");
            }
            if (text.startsWith("\uFEFF")) {
                throw unusable(name, "it begins with a byte order mark: save it without");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw unusable(name, "it is not UTF-8 text");
        }
    }

    private static InvalidValueException unusable(String name, String why) {
        return new InvalidValueException("the file \"" + name + "\" cannot be read: " + why);
    }
}
