package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.topology.Role;

/**
 * What a server said when it was asked itself.
 *
 * @param running whether it takes connections, even if it refused this one
 * @param role empty when it did not say
 * @param detail what it, or the attempt to reach it, said
 */
record ServerAnswer(boolean running, Optional<Role> role, String detail) {
    /** It speaks no SQL. */
    static final ServerAnswer UNASKED =
            new ServerAnswer(false, Optional.empty(), "only its agent can ask it");

    ServerAnswer {
        requireNonNull(role, "role is null");
        requireNonNull(detail, "detail is null");
    }

    static ServerAnswer silent(String detail) {
        return new ServerAnswer(false, Optional.empty(), detail);
    }
}
