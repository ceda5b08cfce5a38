package xlctl.shell.terminal;

import java.io.IOException;
import java.util.Map;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import xlctl.shell.render.Screen;

/** The terminal that standard output is, when no prompt has it. */
public final class TerminalScreen {
    private TerminalScreen() {}

    /** As large as it is now. */
    public static Screen of(Map<String, String> environment) {
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
            return Screen.terminal(terminal.getWidth(), terminal.getHeight(), environment);
        } catch (IOException e) {
            return Screen.plain(environment);
        }
    }
}
