package xlctl.shell.render;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as people read them, in UTC to the second; and how long something took. */
public final class Times {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Times() {}

    static String of(Instant moment) {
        return SECONDS.format(moment);
    }

    /** As exactly as people care: to a tenth of a second, a second, or in minutes. */
    public static String took(Duration time) {
        if (time.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return time.toSeconds() < 120
                ? time.toSeconds() + " s"
                : time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
}
