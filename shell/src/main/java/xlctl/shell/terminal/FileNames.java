package xlctl.shell.terminal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The names of files as commands can have them: nothing stands for a home or a pattern. */
final class FileNames {
    /** A person does not read more. */
    private static final int MOST = 1000;

    private final Path directory;

    /**
     * @param directory where relative names start
     */
    FileNames(Path directory) {
        this.directory = directory;
    }

    /**
     * The names that begin so, sorted; those of directories end with a slash. Hidden ones only when
     * the dot is typed. Nothing when the directory cannot be read.
     */
    List<String> beginningWith(String typed) {
        int slash = typed.lastIndexOf('/') + 1;
        String above = typed.substring(0, slash);
        String start = typed.substring(slash);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(above))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean hidden = name.startsWith(".") && !start.startsWith(".");
                if (name.startsWith(start) && !hidden && canBeTyped(name) && names.size() < MOST) {
                    names.add(above + name + (Files.isDirectory(file) ? "/" : ""));
                }
            }
        } catch (IOException | InvalidPathException | DirectoryIteratorException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    /** A word has control characters in no quotes, and each kind of quote only in the other. */
    private static boolean canBeTyped(String name) {
        return name.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xfffd)
                && (name.indexOf('"') < 0 || name.indexOf('\'') < 0);
    }
}
