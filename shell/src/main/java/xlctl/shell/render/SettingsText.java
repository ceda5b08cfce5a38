package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.shell.answer.SettingsAnswer;

/** Every setting, its value and its origin. */
final class SettingsText {
    private SettingsText() {}

    static List<String> of(SettingsAnswer answer) {
        Table table = new Table("SETTING", "VALUE", "ORIGIN");
        for (SettingsAnswer.Setting setting : answer.settings()) {
            table.row(setting.name(), setting.value().orElse("(none)"), setting.origin());
        }
        List<String> lines = new ArrayList<>();
        lines.add("Home: " + answer.home());
        lines.addAll(table.lines());
        return lines;
    }
}
