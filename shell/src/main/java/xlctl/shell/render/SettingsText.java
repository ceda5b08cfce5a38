package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.shell.settings.Settings;

/** Every setting, its value and its origin. */
public final class SettingsText {
    private SettingsText() {}

    public static List<String> of(Settings settings) {
        Table table = new Table("SETTING", "VALUE", "ORIGIN");
        for (Settings.Setting setting : settings.all()) {
            table.row(
                    setting.key().keyName(),
                    setting.value().isEmpty() ? "(none)" : setting.value(),
                    setting.origin());
        }
        List<String> lines = new ArrayList<>();
        lines.add("Home: " + settings.home().directory());
        lines.addAll(table.lines());
        return lines;
    }
}
