package xlctl.shell.answer;

import java.util.List;
import java.util.Optional;

/**
 * {@code config show}.
 *
 * @param home the directory where settings, keys and history are
 */
public record SettingsAnswer(String home, List<Setting> settings) implements Answer {
    /**
     * A setting.
     *
     * @param value empty where nothing is set
     * @param origin {@code default}, a file with line and column, a variable, or an option
     */
    public record Setting(String name, Optional<String> value, String origin) {
        public Setting {
            value = value.filter(text -> !text.isEmpty());
        }
    }

    public SettingsAnswer {
        settings = List.copyOf(settings);
    }

    @Override
    public String kind() {
        return "settings";
    }

    @Override
    public Rows rows() {
        return new Rows(Setting.class, settings);
    }
}
