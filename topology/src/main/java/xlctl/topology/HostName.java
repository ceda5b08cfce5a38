package xlctl.topology;

import java.util.Locale;
import java.util.regex.Pattern;
import xlctl.text.Quoted;

/**
 * Where an agent runs: a DNS name or an IPv4 address, as servers and clients reach it. Compared as
 * text in lower case; never resolved to be compared.
 */
public record HostName(String value) implements Comparable<HostName> {
    private static final Pattern LABELS =
            Pattern.compile(
                    "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

    public HostName {
        String given = value;
        value = value.toLowerCase(Locale.ROOT);
        boolean allowed =
                value.length() <= 253
                        && LABELS.matcher(value).matches()
                        && (!NUMERIC.matcher(value).matches() || IPV4.matcher(value).matches());
        if (!allowed || value.equals("none")) {
            throw new InvalidValueException(
                    Quoted.ascii(given)
                            + " is not a host: a DNS name or an IPv4 address, as in db-1.example or 127.0.1.3");
        }
    }

    public boolean isAddress() {
        return IPV4.matcher(value).matches();
    }

    @Override
    public int compareTo(HostName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
