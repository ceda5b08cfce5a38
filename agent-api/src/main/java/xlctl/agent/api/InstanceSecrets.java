package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * The secrets that one instance needs; its agent keeps them in a file of its own with mode 0600.
 *
 * @param superuser the agent's own way into the server
 * @param internal for instances that log in to others: coordinators
 * @param client the client's own password, for servers that log in to others as their clients do:
 *     those of Postgres-XL
 * @param verifiers of every role the instance must have; the superuser among them
 */
public record InstanceSecrets(
        Secret superuser,
        Optional<Secret> internal,
        Optional<Secret> client,
        Map<ServerRole, PasswordVerifier> verifiers) {
    public InstanceSecrets {
        requireNonNull(superuser, "superuser is null");
        requireNonNull(internal, "internal is null");
        requireNonNull(client, "client is null");
        verifiers = Map.copyOf(verifiers);
    }
}
