package xlctl.shell.terminal;

import java.util.Map;
import org.jline.utils.AttributedStyle;
import xlctl.shell.language.Highlighting;

/** How the prompt looks. */
public enum Palette {
    PLAIN {
        @Override
        AttributedStyle style(Highlighting.Kind kind) {
            return AttributedStyle.DEFAULT;
        }

        @Override
        AttributedStyle aside() {
            return AttributedStyle.DEFAULT;
        }
    },
    COLOURED {
        @Override
        AttributedStyle style(Highlighting.Kind kind) {
            return switch (kind) {
                case KNOWN -> AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
                case WRONG -> AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
                case COMMENT -> aside();
            };
        }

        @Override
        AttributedStyle aside() {
            return AttributedStyle.DEFAULT.faint();
        }
    };

    /** As the variable {@code NO_COLOR} asks for: set, and not empty. */
    public static Palette of(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() ? COLOURED : PLAIN;
    }

    /** Of a part of a line that is typed. */
    abstract AttributedStyle style(Highlighting.Kind kind);

    /** Of what is not the matter itself. */
    abstract AttributedStyle aside();
}
