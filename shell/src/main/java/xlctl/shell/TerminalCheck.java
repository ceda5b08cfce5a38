package xlctl.shell;

import java.io.Console;
import java.lang.reflect.Method;

/** Whether a person sits at standard input and output. */
final class TerminalCheck {
    private TerminalCheck() {}

    @SuppressWarnings("SystemConsoleNull") // It is null before Java 22.
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console without a terminal, and this method tells.
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot find out whether this is a terminal", e);
        }
    }
}
