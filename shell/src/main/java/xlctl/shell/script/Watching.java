package xlctl.shell.script;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.ChangeAnswer;
import xlctl.shell.answer.Format;
import xlctl.shell.render.AnswerWriter;
import xlctl.shell.render.Screen;

/**
 * Looks again and again, until it is ended. A terminal shows each look in place of the one before,
 * and below it the last changes; elsewhere each change is told. One thread watches, any other may
 * end it.
 */
final class Watching {
    /** One that goes on. One that was ended may still look, when another has begun. */
    private static final class Watch {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean looking;

        Answer one(Supplier<Answer> look) {
            looking = true;
            try {
                return look.get();
            } finally {
                looking = false;
            }
        }
    }

    /** More changes than these are not shown below a look. */
    private static final int LAST_CHANGES = 10;

    private final Console console;
    private final Clock clock;
    private final AtomicReference<Watch> current = new AtomicReference<>();

    Watching(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    /**
     * Returns once it is ended, or nobody reads what it tells; what a look throws ends it as well.
     */
    void watch(Supplier<Answer> look, Duration interval, Format format) {
        Watch watch = new Watch();
        current.set(watch);
        try {
            Optional<Map<String, String>> before = Optional.empty();
            Deque<ChangeAnswer> last = new ArrayDeque<>();
            boolean headed = false;
            do {
                Answer answer = watch.one(look);
                Map<String, String> now = ChangeAnswer.states(answer);
                if (format == Format.TEXT && console.screen().redraws()) {
                    before.map(states -> ChangeAnswer.between(states, now, clock.instant()))
                            .ifPresent(last::addAll);
                    while (last.size() > LAST_CHANGES) {
                        last.removeFirst();
                    }
                    redraw(answer, last, interval);
                } else {
                    List<ChangeAnswer> changes = changes(before, now);
                    tell(changes, format, headed);
                    headed |= !changes.isEmpty();
                }
                before = Optional.of(now);
            } while (!console.isBroken()
                    && !watch.ended.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            current.compareAndSet(watch, null);
        }
    }

    /**
     * Ends a watch that goes on.
     *
     * @return whether one does
     */
    boolean end() {
        Watch watch = current.getAndSet(null);
        if (watch == null) {
            return false;
        }
        watch.ended.countDown();
        return true;
    }

    /** Whether one goes on that is at a look now, which may take long: it ends only after that. */
    boolean isLooking() {
        Watch watch = current.get();
        return watch != null && watch.looking;
    }

    private List<ChangeAnswer> changes(
            Optional<Map<String, String>> before, Map<String, String> now) {
        Instant at = clock.instant();
        return before.map(states -> ChangeAnswer.between(states, now, at))
                .orElseGet(() -> ChangeAnswer.first(now, at));
    }

    private void tell(List<ChangeAnswer> changes, Format format, boolean headed) {
        AnswerWriter writer = new AnswerWriter(console::print, console::report, console.screen());
        boolean first = !headed;
        for (ChangeAnswer change : changes) {
            writer.writeNext(change, format, first);
            first = false;
        }
    }

    private void redraw(Answer answer, Deque<ChangeAnswer> last, Duration interval) {
        List<String> lines = new ArrayList<>();
        Screen screen = console.screen();
        lines.add(
                clock.instant().truncatedTo(ChronoUnit.SECONDS)
                        + ", every "
                        + interval.toMillis()
                        + " ms; Ctrl-C ends it");
        new AnswerWriter(lines::add, lines::add, screen).write(answer, Format.TEXT);
        List<String> tail = new ArrayList<>();
        AnswerWriter changes = new AnswerWriter(tail::add, tail::add, screen);
        last.forEach(change -> changes.write(change, Format.TEXT));
        console.print(screen.replacing(lines, tail));
    }
}
