package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was said. */
public final class RecordingConsole implements Console {
    public final List<String> printed = new CopyOnWriteArrayList<>();
    public final List<String> reported = new CopyOnWriteArrayList<>();
    public Optional<Boolean> answer = Optional.empty();

    @Override
    public void print(String line) {
        printed.add(line);
    }

    @Override
    public void report(String line) {
        reported.add(line);
    }

    @Override
    public Optional<Boolean> confirm(String question) {
        return answer;
    }

    @Override
    public List<String> history() {
        return List.of("status", "quit");
    }
}
