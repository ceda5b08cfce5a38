package xlctl.shell.language;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import xlctl.text.Quoted;
import xlctl.text.TextFile;
import xlctl.topology.InvalidValueException;

/** Where the texts come from that commands name as files. */
@FunctionalInterface
public interface TextFiles {
    /**
     * @throws InvalidValueException naming the file and why it cannot be used
     */
    String read(String name);

    /** Files of this machine; a relative name starts at the given directory. */
    static TextFiles below(Path directory) {
        return name -> {
            try {
                String text = TextFile.read(directory.resolve(name));
                if (text.startsWith("\uFEFF")) {
                    throw unusable(name, "it begins with a byte order mark: save it without");
                }
                return text;
            } catch (NoSuchFileException e) {
                throw unusable(
                        name,
                        Path.of(name).isAbsolute()
                                ? "there is no such file"
                                : "there is no such file in " + directory);
            } catch (InvalidPathException e) {
                throw unusable(name, "this is not a path: " + e.getReason());
            } catch (IOException e) {
                throw unusable(name, String.valueOf(e.getMessage()));
            }
        };
    }

    private static InvalidValueException unusable(String name, String why) {
        return new InvalidValueException("the file " + Quoted.of(name) + " cannot be read: " + why);
    }
}
