package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import xlctl.topology.Logins;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * The secrets that one instance needs; its agent keeps them in a file of its own with mode 0600.
 *
 * @param superuser the agent's own way into the server
 * @param outgoing the passwords of the roles as which the server itself logs in to others: of two
 *     that there are for a purpose, the one that it uses
 * @param verifiers of every role that may log in to the instance; the superuser among them. Of two
 *     that there are for a purpose, one that has none is there and may not
 */
public record InstanceSecrets(
        Secret superuser,
        Map<ServerRole, Secret> outgoing,
        Map<ServerRole, PasswordVerifier> verifiers) {
    public InstanceSecrets {
        requireNonNull(superuser, "superuser is null");
        outgoing = Map.copyOf(outgoing);
        verifiers = Map.copyOf(verifiers);
    }

    /** As which of two roles for a purpose the server itself logs in to others, where it does. */
    public Logins logins() {
        return outgoing.containsKey(Logins.SECOND.internal()) ? Logins.SECOND : Logins.FIRST;
    }
}
