package xlctl.operation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import xlctl.topology.HostName;

/**
 * How long a host that is waited for has said nothing, and when the operator is told so: after ten
 * seconds, and each time that this has doubled. What the host says is passed on.
 */
final class Silence implements Consumer<String> {
    private static final Duration FIRST_WORD = Duration.ofSeconds(10);

    private final HostName host;
    private final Waiting waiting;
    private final Consumer<String> progress;
    private final AtomicLong heard;
    private Duration next = FIRST_WORD;

    Silence(HostName host, Waiting waiting, Consumer<String> progress) {
        this.host = host;
        this.waiting = waiting;
        this.progress = progress;
        this.heard = new AtomicLong(waiting.nanoTime());
    }

    /** The host says something. On any thread. */
    @Override
    public void accept(String text) {
        heard.set(waiting.nanoTime());
        progress.accept(text);
    }

    Duration lasts() {
        return Duration.ofNanos(waiting.nanoTime() - heard.get());
    }

    /** How long to wait until there is something to tell. */
    Duration untilNextWord() {
        Duration quiet = lasts();
        if (quiet.compareTo(FIRST_WORD) < 0) {
            next = FIRST_WORD;
        }
        return quiet.compareTo(next) < 0 ? next.minus(quiet) : Duration.ZERO;
    }

    /**
     * Tells the operator, if it is time.
     *
     * @param left how much longer the host is waited for
     */
    void tell(Duration left) {
        Duration quiet = lasts();
        if (quiet.compareTo(next) < 0) {
            return;
        }
        progress.accept(
                "nothing new from host "
                        + host
                        + " for "
                        + quiet.toSeconds()
                        + " s; it is waited for up to "
                        + Math.max(1, left.toSeconds())
                        + " s more");
        next = next.multipliedBy(2);
    }
}
