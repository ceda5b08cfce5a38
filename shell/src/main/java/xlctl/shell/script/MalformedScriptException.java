package xlctl.shell.script;

import java.util.List;

/** A script with lines that say nothing; none of it was run. */
public final class MalformedScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    MalformedScriptException(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    /** What to print, all complaints with their places. */
    public List<String> lines() {
        return lines;
    }
}
