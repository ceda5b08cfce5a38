package xlctl.shell.settings;

import java.util.List;

/** Settings that cannot be used, with all the reasons. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each with its origin. */
    public List<String> problems() {
        return problems;
    }
}
