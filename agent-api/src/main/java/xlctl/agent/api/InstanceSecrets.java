package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * The secrets that one instance needs; its agent keeps them in a file of its own with mode 0600.
 *
 * @param superuser the agent's own way into the server
 * @param outgoing the passwords of the roles as which the server itself logs in to others
 * @param verifiers of every role the instance must have; the superuser among them
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
}
