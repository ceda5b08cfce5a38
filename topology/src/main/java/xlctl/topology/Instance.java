package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One server process of a node and where it lives.
 *
 * @param host the host whose agent owns it
 * @param port where clients and other servers reach it
 * @param pooler recorded and kept free of conflicts; nothing listens there yet
 * @param directory the data directory: absolute, or relative to the agent's first data root
 * @param walDirectory a separate WAL directory, of the same form
 */
public record Instance(
        InstanceName name,
        HostName host,
        Port port,
        Optional<Port> pooler,
        Directory directory,
        Optional<Directory> walDirectory) {
    public Instance {
        requireNonNull(name, "name is null");
        requireNonNull(host, "host is null");
        requireNonNull(port, "port is null");
        requireNonNull(pooler, "pooler is null");
        requireNonNull(directory, "directory is null");
        requireNonNull(walDirectory, "walDirectory is null");
        if (pooler.isPresent() && pooler.get().equals(port)) {
            throw new InvalidValueException(
                    "the pooler port of " + name + " is its server port, " + port);
        }
        if (walDirectory.isPresent() && walDirectory.get().overlaps(directory)) {
            throw new InvalidValueException(
                    "the WAL directory of "
                            + name
                            + ", "
                            + walDirectory.get()
                            + ", must lie outside its data directory, "
                            + directory);
        }
    }

    public HostPort address() {
        return new HostPort(host, port);
    }

    /** Every port of the host that this instance claims. */
    public Set<Port> ports() {
        Set<Port> ports = new LinkedHashSet<>();
        ports.add(port);
        pooler.ifPresent(ports::add);
        return ports;
    }

    /** Every directory of the host that this instance claims. */
    public Set<Directory> directories() {
        Set<Directory> directories = new LinkedHashSet<>();
        directories.add(directory);
        walDirectory.ifPresent(directories::add);
        return directories;
    }
}
