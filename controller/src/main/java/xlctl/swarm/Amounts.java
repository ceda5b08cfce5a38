package xlctl.swarm;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits as Docker writes them, and as it keeps them: bytes, and billionths of a CPU. Pure. */
final class Amounts {
    private static final Pattern MEMORY =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([bkmgtp]?)i?b?");
    private static final String UNITS = "bkmgtp";
    private static final int CPU_DIGITS = 9;

    private Amounts() {}

    /** Empty for what is no amount of memory. */
    static Optional<Long> bytes(String memory) {
        Matcher matcher = MEMORY.matcher(memory.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int unit = Math.max(0, UNITS.indexOf(matcher.group(2)));
        return Optional.of(
                new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(1024).pow(unit))
                        .longValue());
    }

    /** In the largest unit that leaves it whole. */
    static String memory(long bytes) {
        int unit = 0;
        long amount = bytes;
        while (unit < UNITS.length() - 1 && amount >= 1024 && amount % 1024 == 0) {
            amount /= 1024;
            unit++;
        }
        return amount + UNITS.substring(unit, unit + 1);
    }

    static String cpus(long billionths) {
        return BigDecimal.valueOf(billionths, CPU_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Whether two limits are the same, however they are written. */
    static boolean same(ServiceSpec.Limits some, ServiceSpec.Limits other) {
        return some.memory().flatMap(Amounts::bytes).equals(other.memory().flatMap(Amounts::bytes))
                && some.cpus()
                        .map(BigDecimal::new)
                        .map(BigDecimal::stripTrailingZeros)
                        .equals(
                                other.cpus()
                                        .map(BigDecimal::new)
                                        .map(BigDecimal::stripTrailingZeros));
    }
}
