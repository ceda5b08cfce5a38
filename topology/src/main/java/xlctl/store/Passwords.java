package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import xlctl.topology.Secret;

/**
 * One password for each purpose.
 *
 * @param internal of the roles as which servers reach each other
 */
public record Passwords(Secret superuser, Secret internal, Secret monitor, Secret client) {
    public Passwords {
        requireNonNull(superuser, "superuser is null");
        requireNonNull(internal, "internal is null");
        requireNonNull(monitor, "monitor is null");
        requireNonNull(client, "client is null");
    }

    public static Passwords generate() {
        return new Passwords(
                Secret.generate(), Secret.generate(), Secret.generate(), Secret.generate());
    }

    public List<Secret> all() {
        return List.of(superuser, internal, monitor, client);
    }
}
