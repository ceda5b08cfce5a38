package xlctl.agent.engine.postmaster;

import java.util.Map;
import java.util.stream.Collectors;

/** Settings as {@code postgresql.conf} and its like take them. */
public final class SettingsText {
    public static final String OPERATOR_FILE = "operator.conf";
    public static final String MANAGED_FILE = "xlctl.conf";
    public static final String LOG_DIRECTORY = "log";

    private SettingsText() {}

    /** The end of {@code postgresql.conf}. */
    public static String includes() {
        return "\n# Kept by xlctl. The last one wins.\ninclude '"
                + OPERATOR_FILE
                + "'\ninclude '"
                + MANAGED_FILE
                + "'\n";
    }

    public static String of(Map<String, String> settings) {
        return "# Written by xlctl.\n"
                + settings.entrySet().stream()
                        .map(
                                setting ->
                                        setting.getKey()
                                                + " = "
                                                + quoted(setting.getValue())
                                                + "\n")
                        .collect(Collectors.joining());
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
