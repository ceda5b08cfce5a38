package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import xlctl.topology.HostPort;

/** Where something should listen, and how it shows that it does. */
public record Destination(HostPort address, Greeting greeting) {
    public Destination {
        requireNonNull(address, "address is null");
        requireNonNull(greeting, "greeting is null");
    }
}
