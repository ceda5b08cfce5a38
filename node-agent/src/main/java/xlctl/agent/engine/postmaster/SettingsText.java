package xlctl.agent.engine.postmaster;

import java.util.Map;
import java.util.stream.Collectors;

/** Settings as {@code postgresql.conf} and its like take them. */
public final class SettingsText {
    private SettingsText() {}

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
