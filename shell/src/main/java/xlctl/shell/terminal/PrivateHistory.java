package xlctl.shell.terminal;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;

/** The lines that were typed, without those that may have a password in them. */
final class PrivateHistory extends DefaultHistory {
    private static final Pattern SECRET =
            Pattern.compile(
                    "\\b(password|passwd|identified\\s+by|PGPASSWORD)\\b",
                    Pattern.CASE_INSENSITIVE);

    @Override
    public void add(Instant time, String line) {
        // The option of createuser names a file.
        if (!SECRET.matcher(line.replace("--password-file", "")).find()) {
            super.add(time, line);
        }
    }
}
