package xlctl.shell.terminal;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import xlctl.shell.language.Highlighting;

/** Colours the lines that are being typed. */
final class LineColours implements Highlighter {
    private final Palette palette;

    LineColours(Palette palette) {
        this.palette = palette;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        AttributedStringBuilder coloured = new AttributedStringBuilder();
        int start = 0;
        while (true) {
            int end = buffer.indexOf('\n', start);
            colour(buffer.substring(start, end < 0 ? buffer.length() : end), coloured);
            if (end < 0) {
                return coloured.toAttributedString();
            }
            coloured.append('\n');
            start = end + 1;
        }
    }

    private void colour(String line, AttributedStringBuilder coloured) {
        int at = 0;
        for (Highlighting.Mark mark : Highlighting.of(line)) {
            coloured.styled(AttributedStyle.DEFAULT, line.substring(at, mark.start()));
            coloured.styled(palette.style(mark.kind()), line.substring(mark.start(), mark.end()));
            at = mark.end();
        }
        coloured.styled(AttributedStyle.DEFAULT, line.substring(at));
    }
}
