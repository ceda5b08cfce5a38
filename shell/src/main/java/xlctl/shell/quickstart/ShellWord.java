package xlctl.shell.quickstart;

import java.nio.file.Path;

/** A path as a person pastes it into a shell. Nothing here is ever run by one. */
final class ShellWord {
    private ShellWord() {}

    static String of(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
