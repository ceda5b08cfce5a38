package xlctl.topology;

import java.net.Inet4Address;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.text.Quoted;

/**
 * An IPv4 network such as {@code 10.1.0.0/16}. Bits outside the mask must be zero: they are never
 * cut off silently.
 */
public record Cidr(String value) implements Comparable<Cidr> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    public Cidr {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new InvalidValueException(
                    Quoted.ascii(value) + " is not a network: ADDRESS/BITS, as in 10.1.0.0/16");
        }
        long address = 0;
        for (int part = 1; part <= 4; part++) {
            int octet = Integer.parseInt(matcher.group(part));
            if (octet > 255) {
                throw new InvalidValueException(
                        Quoted.ascii(value) + " is not a network: " + octet + " is over 255");
            }
            address = (address << 8) | octet;
        }
        int bits = Integer.parseInt(matcher.group(5));
        if (bits > 32) {
            throw new InvalidValueException(
                    Quoted.ascii(value) + " is not a network: /" + bits + " is over /32");
        }
        long hostMask = (1L << 32 - bits) - 1;
        if ((address & hostMask) != 0) {
            throw new InvalidValueException(
                    Quoted.ascii(value) + " is not a network: it has bits set beyond /" + bits);
        }
    }

    public boolean contains(Inet4Address address) {
        long mask = -1L << 32 - bits();
        return (number(address.getHostAddress()) & mask) == number(address());
    }

    /** Whether an address can be in both. */
    public boolean overlaps(Cidr other) {
        int bits = Math.min(bits(), other.bits());
        return number(address()) >>> 32 - bits == number(other.address()) >>> 32 - bits;
    }

    private String address() {
        return value.substring(0, value.indexOf('/'));
    }

    private int bits() {
        return Integer.parseInt(value.substring(value.indexOf('/') + 1));
    }

    private static long number(String address) {
        long number = 0;
        for (String octet : address.split("\\.")) {
            number = number << 8 | Integer.parseInt(octet);
        }
        return number;
    }

    @Override
    public int compareTo(Cidr other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
