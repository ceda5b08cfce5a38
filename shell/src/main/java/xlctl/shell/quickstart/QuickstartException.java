package xlctl.shell.quickstart;

import xlctl.controller.ExitCode;

/** Why the quickstart cannot go on: one message that says what was found and what to do. */
public final class QuickstartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exit;

    QuickstartException(ExitCode exit, String message) {
        super(message);
        this.exit = exit;
    }

    QuickstartException(ExitCode exit, String message, Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    public ExitCode exit() {
        return exit;
    }
}
