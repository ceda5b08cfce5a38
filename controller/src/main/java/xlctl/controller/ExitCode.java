package xlctl.controller;

/** What a command came to, as a script sees it. */
public enum ExitCode {
    DONE(0),
    /** The cluster is not as asked: a member is down, a step failed. */
    NOT_AS_ASKED(1),
    /** The command is malformed. */
    MALFORMED(2),
    /** Something needed is unreachable. */
    UNREACHABLE(3),
    /** Refused: a name, port or directory taken, the lock, a guard, an open operation. */
    REFUSED(4);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
