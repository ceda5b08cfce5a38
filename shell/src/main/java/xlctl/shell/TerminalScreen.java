package xlctl.shell;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.shell.render.Screen;

/**
 * The terminal that standard input and output are, when no prompt has it. The system's stty is
 * asked for its size: the prompt's library takes longer to load than most commands take.
 */
final class TerminalScreen {
    private static final Pattern LINES_AND_COLUMNS =
            Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})\\s*");

    private TerminalScreen() {}

    /** As large as it is now; of the usual width where that cannot be found out. */
    static Screen of(Map<String, String> environment) {
        Matcher size = LINES_AND_COLUMNS.matcher(size());
        return size.matches()
                ? Screen.terminal(
                        Integer.parseInt(size.group(2)),
                        Integer.parseInt(size.group(1)),
                        environment)
                : Screen.terminal(0, 0, environment);
    }

    private static String size() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new String(stty.getInputStream().readAllBytes(), US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }
}
