package xlctl.text;

import java.io.IOException;

/** A file that is there and no text that can be used; the message says why, without its name. */
public final class UnusableTextException extends IOException {
    private static final long serialVersionUID = 1L;

    UnusableTextException(String why) {
        super(why);
    }
}
