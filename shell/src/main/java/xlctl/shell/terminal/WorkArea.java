package xlctl.shell.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;

/**
 * A few lines below what was printed that are drawn again and again. Between two drawings the
 * cursor stands where they begin, so that a terminal whose width changes takes nothing from above
 * them. Confined to one lock, its owner's.
 */
final class WorkArea {
    /** More lines than this do not help, however high the terminal is. */
    private static final int MOST_LINES = 12;

    private final Terminal terminal;
    private final Palette palette;
    private boolean drawn;

    WorkArea(Terminal terminal, Palette palette) {
        this.palette = palette;
        this.terminal = terminal;
    }

    /** Whether this terminal can draw in place. */
    static boolean canDraw(Terminal terminal) {
        return !terminal.getType().startsWith(Terminal.TYPE_DUMB)
                && terminal.getStringCapability(Capability.cursor_up) != null
                && terminal.getStringCapability(Capability.clr_eos) != null;
    }

    void draw(Supplier<List<String>> lines) {
        List<String> shown = fitting(lines.get(), terminal.getSize());
        erase();
        for (String line : shown) {
            new AttributedString(line, palette.aside()).println(terminal);
        }
        for (int up = 0; up < shown.size(); up++) {
            terminal.puts(Capability.cursor_up);
        }
        drawn = !shown.isEmpty();
        terminal.flush();
    }

    void erase() {
        if (drawn) {
            terminal.writer().write('\r');
            terminal.puts(Capability.clr_eos);
            terminal.flush();
            drawn = false;
        }
    }

    private static List<String> fitting(List<String> lines, Size size) {
        int columns = size.getColumns() > 0 ? size.getColumns() - 1 : 79;
        int most = Math.max(1, Math.min(MOST_LINES, size.getRows() - 2));
        List<String> shown = new ArrayList<>();
        for (String line : lines.size() > most ? lines.subList(0, most - 1) : lines) {
            shown.add(
                    new AttributedString(line.replace('\n', ' '))
                            .columnSubSequence(0, columns)
                            .toString());
        }
        if (lines.size() > most) {
            shown.add("and " + (lines.size() - shown.size()) + " more");
        }
        return shown;
    }
}
