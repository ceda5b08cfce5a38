package xlctl.shell.script;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import xlctl.shell.render.Screen;

/** Remembers what was said. */
public final class RecordingConsole implements Console {
    public final List<String> printed = new CopyOnWriteArrayList<>();
    public final List<String> reported = new CopyOnWriteArrayList<>();

    /** What is typed unseen, in order. */
    public final Queue<String> secrets = new ArrayDeque<>();

    public Optional<Boolean> answer = Optional.empty();

    /** Whether it is as one that shows what runs. */
    public boolean shows;

    public Screen screen = Screen.PLAIN;

    public boolean broken;

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public Screen screen() {
        return screen;
    }

    @Override
    public void print(String line) {
        printed.add(line);
    }

    @Override
    public void report(String line) {
        reported.add(line);
    }

    @Override
    public boolean isTerminal() {
        return shows;
    }

    @Override
    public boolean showsWhatRuns() {
        return shows;
    }

    @Override
    public Optional<Boolean> confirm(String question) {
        return answer;
    }

    @Override
    public Optional<String> secret(String question) {
        return Optional.ofNullable(secrets.poll());
    }

    @Override
    public List<String> history() {
        return List.of("status", "quit");
    }
}
