package xlctl.topology;

import static java.util.Objects.requireNonNull;

import xlctl.text.Quoted;

/** A host and a port on it; as text {@code 127.0.1.3:5432}. */
public record HostPort(HostName host, Port port) {
    public HostPort {
        requireNonNull(host, "host is null");
        requireNonNull(port, "port is null");
    }

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new InvalidValueException(
                    Quoted.ascii(text) + " is not HOST:PORT, as in db-1.example:7422");
        }
        return new HostPort(
                new HostName(text.substring(0, colon)), Port.parse(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
