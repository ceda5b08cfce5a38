package xlctl.shell.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import xlctl.operation.Listener;
import xlctl.shell.render.Times;
import xlctl.text.Quoted;
import xlctl.topology.NodeName;

/**
 * What operations are doing. On a console that shows it where it stands a line tells what has
 * ended, and how long it took; on others, what begins, and of what took long, that it has ended.
 * Thread-safe.
 */
final class RunningSteps implements Listener {
    /** What takes less has hardly begun when it has ended; its second line would tell nothing. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private record Key(long operation, int step) {}

    private static final class Running {
        final Optional<NodeName> node;
        final String title;
        final long begun;
        boolean worthALine;

        Running(Optional<NodeName> node, String title, long begun) {
            this.node = node;
            this.title = title;
            this.begun = begun;
        }
    }

    private final Console console;
    private final LongSupplier nanoTime;
    private final Map<Key, Running> running = new LinkedHashMap<>();
    private final Map<Long, Long> operationsBegun = new LinkedHashMap<>();

    RunningSteps(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.nanoTime = nanoTime;
    }

    @Override
    public void progress(long operation, Optional<NodeName> node, String text) {
        boolean beginning = isBeginning(operation, node, text);
        if (!console.showsWhatRuns() || !beginning) {
            console.report(line(operation, node, text));
        }
    }

    @Override
    public void waiting(String text) {
        console.report("Waiting: " + Quoted.line(text) + ". Ctrl-C ends this.");
    }

    @Override
    public synchronized void begun(
            long operation, int step, Optional<NodeName> node, String title) {
        long now = nanoTime.getAsLong();
        operationsBegun.putIfAbsent(operation, now);
        running.put(new Key(operation, step), new Running(node, title, now));
    }

    @Override
    public void done(long operation, int step) {
        remove(operation, step)
                .filter(each -> each.worthALine)
                .filter(each -> console.showsWhatRuns() || took(each).compareTo(LONG) >= 0)
                .map(each -> line(operation, each.node, each.title + ", " + since(each.begun)))
                .ifPresent(console::report);
    }

    @Override
    public void failed(long operation, int step) {
        remove(operation, step);
    }

    /** A line for each step that is under way, the one that takes longest first. */
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        running.forEach(
                (key, each) ->
                        lines.add(
                                line(key.operation(), each.node, each.title)
                                        + " ... "
                                        + since(each.begun)));
        return lines;
    }

    /** The operations that have steps under way. */
    synchronized List<Long> operations() {
        return running.keySet().stream().map(Key::operation).distinct().toList();
    }

    /** For a person who has asked for the end, and waits for it. */
    synchronized List<String> stillEnding() {
        List<String> told = new ArrayList<>();
        told.add(running.isEmpty() ? "Still ending." : "Still ending; this is waited for:");
        lines().forEach(line -> told.add("  " + line));
        for (long operation : operations()) {
            told.add(
                    "Who kills xlctl now leaves operation "
                            + operation
                            + " open: operation resume "
                            + operation);
        }
        return told;
    }

    /** How long an operation has been under way; empty when no step of it was begun. */
    synchronized Optional<String> took(long operation) {
        return Optional.ofNullable(operationsBegun.get(operation)).map(this::since);
    }

    private synchronized Optional<Running> remove(long operation, int step) {
        return Optional.ofNullable(running.remove(new Key(operation, step)));
    }

    /** Whether this is a step's title, which it tells once, when it begins. */
    private synchronized boolean isBeginning(long operation, Optional<NodeName> node, String text) {
        for (Map.Entry<Key, Running> each : running.entrySet()) {
            if (each.getKey().operation() == operation
                    && each.getValue().node.equals(node)
                    && each.getValue().title.equals(text)) {
                each.getValue().worthALine = true;
                return true;
            }
        }
        return false;
    }

    private Duration took(Running step) {
        return Duration.ofNanos(nanoTime.getAsLong() - step.begun);
    }

    private String since(long begun) {
        return Times.took(Duration.ofNanos(nanoTime.getAsLong() - begun));
    }

    private static String line(long operation, Optional<NodeName> node, String text) {
        return "["
                + operation
                + "] "
                + node.map(name -> name + ": ").orElse("")
                + Quoted.line(text);
    }
}
