package xlctl.operation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.PasswordVerifier;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/**
 * The cluster's secrets, and the part of them that an instance needs. The verifiers are computed
 * once and are the same for all instances that this object serves. Thread-safe.
 */
final class Credentials {
    private final ClusterSecrets secrets;
    private final Map<ServerRole, PasswordVerifier> verifiers;

    private Credentials(ClusterSecrets secrets) {
        this.secrets = secrets;
        this.verifiers = new EnumMap<>(ServerRole.class);
        verifiers.put(ServerRole.SUPERUSER, ScramVerifier.of(secrets.superuser()));
        verifiers.put(ServerRole.INTERNAL, ScramVerifier.of(secrets.internal()));
        verifiers.put(ServerRole.MONITOR, ScramVerifier.of(secrets.monitor()));
        verifiers.put(ServerRole.CLIENT, ScramVerifier.of(secrets.client()));
    }

    /** The cluster's, which are generated when it has none yet. */
    static Credentials of(ClusterStore store) {
        Optional<Versioned<ClusterSecrets>> present = store.secrets();
        if (present.isPresent()) {
            return new Credentials(present.get().value());
        }
        ClusterSecrets generated = ClusterSecrets.generate();
        try {
            store.change().createSecrets(generated).commit();
            return new Credentials(generated);
        } catch (StoreException.Stale e) {
            return new Credentials(store.secrets().orElseThrow(() -> e).value());
        }
    }

    InstanceSecrets forInstanceOf(NodeKind kind) {
        Map<ServerRole, PasswordVerifier> needed = new EnumMap<>(verifiers);
        boolean coordinator = kind == NodeKind.COORDINATOR;
        if (!coordinator) {
            needed.remove(ServerRole.CLIENT);
        }
        return new InstanceSecrets(
                secrets.superuser(),
                coordinator ? Optional.of(secrets.internal()) : Optional.empty(),
                needed);
    }
}
