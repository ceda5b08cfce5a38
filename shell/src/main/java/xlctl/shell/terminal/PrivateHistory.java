package xlctl.shell.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;
import xlctl.text.NewFile;

/** The lines that were typed, without those that may have a password in them. */
final class PrivateHistory extends DefaultHistory {
    private static final Pattern SECRET =
            Pattern.compile(
                    "\\b(password|passwd|identified\\s+by|PGPASSWORD)\\b",
                    Pattern.CASE_INSENSITIVE);

    private final Path file;
    private Optional<String> trouble = Optional.empty();
    private boolean told;

    PrivateHistory(Path file) {
        this.file = file;
    }

    /** Why lines are not kept any more; said once. */
    Optional<String> newTrouble() {
        if (told || trouble.isEmpty()) {
            return Optional.empty();
        }
        told = true;
        return trouble;
    }

    /** Once it did not work it is not tried again: lines would be missing in between. */
    @Override
    public void save() throws IOException {
        if (trouble.isPresent()) {
            return;
        }
        try {
            super.save();
        } catch (IOException e) {
            trouble = Optional.of(NewFile.trouble(e));
            HistoryFile.endWithAWholeLine(file);
        }
    }

    @Override
    public void add(Instant time, String line) {
        // The option of createuser names a file.
        if (!SECRET.matcher(line.replace("--password-file", "")).find()) {
            super.add(time, line);
        }
    }
}
