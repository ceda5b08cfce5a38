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
 * The cluster's secrets, and the part of them that an instance needs. They are read, or generated
 * for a cluster that has none, when they are first needed; the verifiers are computed once and are
 * the same for all instances that this object serves. Thread-safe.
 */
final class Credentials {
    private final ClusterStore store;
    private Optional<Loaded> loaded = Optional.empty();

    /** The secrets and a verifier of each. */
    private record Loaded(ClusterSecrets secrets, Map<ServerRole, PasswordVerifier> verifiers) {
        static Loaded of(ClusterSecrets secrets) {
            Map<ServerRole, PasswordVerifier> verifiers = new EnumMap<>(ServerRole.class);
            verifiers.put(ServerRole.SUPERUSER, ScramVerifier.of(secrets.superuser()));
            verifiers.put(ServerRole.INTERNAL, ScramVerifier.of(secrets.internal()));
            verifiers.put(ServerRole.MONITOR, ScramVerifier.of(secrets.monitor()));
            verifiers.put(ServerRole.CLIENT, ScramVerifier.of(secrets.client()));
            return new Loaded(secrets, verifiers);
        }
    }

    Credentials(ClusterStore store) {
        this.store = store;
    }

    InstanceSecrets forInstanceOf(NodeKind kind) {
        Loaded cluster = loaded();
        Map<ServerRole, PasswordVerifier> needed = new EnumMap<>(cluster.verifiers());
        boolean coordinator = kind == NodeKind.COORDINATOR;
        if (!coordinator) {
            needed.remove(ServerRole.CLIENT);
        }
        return new InstanceSecrets(
                cluster.secrets().superuser(),
                coordinator ? Optional.of(cluster.secrets().internal()) : Optional.empty(),
                needed);
    }

    private synchronized Loaded loaded() {
        if (loaded.isEmpty()) {
            loaded = Optional.of(Loaded.of(secrets()));
        }
        return loaded.get();
    }

    private ClusterSecrets secrets() {
        Optional<Versioned<ClusterSecrets>> present = store.secrets();
        if (present.isPresent()) {
            return present.get().value();
        }
        if (store.topology().isPresent()) {
            throw new StoreException.Unreadable(
                    "cluster "
                            + store.cluster()
                            + " has a topology, but its passwords are gone from ZooKeeper: new ones"
                            + " would not fit its servers; restore ZooKeeper's data from a backup",
                    null);
        }
        ClusterSecrets generated = ClusterSecrets.generate();
        try {
            store.change().createSecrets(generated).commit();
            return generated;
        } catch (StoreException.Stale e) {
            return store.secrets().orElseThrow(() -> e).value();
        }
    }
}
