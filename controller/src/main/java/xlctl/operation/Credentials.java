package xlctl.operation;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.PasswordVerifier;
import xlctl.certificate.CertificateAuthority;
import xlctl.store.AuthoritySecret;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/**
 * The cluster's secrets, and the part of them that an instance needs. They are read, or generated
 * for a cluster that has none, when they are first needed; the verifiers are computed once and are
 * the same for all instances that this object serves. Thread-safe.
 */
final class Credentials {
    private final ClusterStore store;
    private final Map<SqlName, PasswordVerifier> given;
    private Optional<Loaded> loaded = Optional.empty();
    private Optional<CertificateAuthority> authority = Optional.empty();

    /** The secrets and a verifier of each. */
    private record Loaded(ClusterSecrets secrets, Map<ServerRole, PasswordVerifier> verifiers) {
        static Loaded of(ClusterSecrets secrets, EngineKind engine) {
            Map<ServerRole, Secret> passwords = new EnumMap<>(ServerRole.class);
            passwords.put(ServerRole.SUPERUSER, secrets.superuser());
            passwords.put(ServerRole.INTERNAL, secrets.internal());
            passwords.put(ServerRole.DDL, secrets.internal());
            passwords.put(ServerRole.MONITOR, secrets.monitor());
            passwords.put(ServerRole.CLIENT, secrets.client());
            Map<ServerRole, PasswordVerifier> verifiers = new EnumMap<>(ServerRole.class);
            passwords.forEach(
                    (role, password) ->
                            verifiers.put(
                                    role,
                                    engine == EngineKind.POSTGRES_XL
                                            ? Md5Verifier.of(password, role.roleName())
                                            : ScramVerifier.of(password)));
            return new Loaded(secrets, verifiers);
        }
    }

    /**
     * @param given verifiers of roles that operators are making now; they are kept nowhere else
     */
    Credentials(ClusterStore store, Map<SqlName, PasswordVerifier> given) {
        this.store = store;
        this.given = Map.copyOf(given);
    }

    Optional<PasswordVerifier> givenFor(SqlName role) {
        return Optional.ofNullable(given.get(role));
    }

    /** Of a password that a person chose: no two servers, or roles, show that it is the same. */
    static PasswordVerifier chosen(EngineKind engine, SqlName role, Secret password) {
        return engine == EngineKind.POSTGRES_XL
                ? Md5Verifier.of(password, role.value())
                : ScramVerifier.ofChosen(password);
    }

    /** All that one object serves are of one engine. */
    InstanceSecrets forInstanceOf(EngineKind engine, NodeKind kind) {
        Loaded cluster = loaded(engine);
        Map<ServerRole, PasswordVerifier> needed = new EnumMap<>(cluster.verifiers());
        if (engine != EngineKind.POSTGRESQL) {
            needed.remove(ServerRole.INTERNAL);
            needed.remove(ServerRole.DDL);
            if (!kind.inCatalog()) {
                needed.clear();
            }
        } else if (!kind.inCatalog()) {
            needed.remove(ServerRole.CLIENT);
        }
        return new InstanceSecrets(
                cluster.secrets().superuser(), outgoing(engine, kind, cluster.secrets()), needed);
    }

    /**
     * The stock engine's nodes reach each other and the GTM as internal roles. The servers of
     * Postgres-XL reach each other as whoever is logged in, and each needs its password; those of
     * OpenTenBase need none.
     */
    private static Map<ServerRole, Secret> outgoing(
            EngineKind engine, NodeKind kind, ClusterSecrets secrets) {
        if (engine == EngineKind.POSTGRESQL && kind.inCatalog()) {
            return Map.of(
                    ServerRole.INTERNAL, secrets.internal(), ServerRole.DDL, secrets.internal());
        }
        if (engine == EngineKind.POSTGRES_XL && kind.inCatalog()) {
            return Map.of(
                    ServerRole.SUPERUSER,
                    secrets.superuser(),
                    ServerRole.MONITOR,
                    secrets.monitor(),
                    ServerRole.CLIENT,
                    secrets.client());
        }
        return Map.of();
    }

    /**
     * Who signs the certificates of the cluster's hosts; made when the first host needs one.
     *
     * @throws StoreException.Unreadable when the cluster's is gone
     */
    synchronized CertificateAuthority authority(Instant now) {
        if (authority.isEmpty()) {
            secrets();
            Versioned<ClusterSecrets> present = store.secrets().orElseThrow();
            authority =
                    Optional.of(
                            present.value()
                                    .authority()
                                    .map(
                                            kept ->
                                                    CertificateAuthority.of(
                                                            kept.certificate(), kept.key()))
                                    .orElseGet(() -> newAuthority(present, now)));
        }
        return authority.get();
    }

    private CertificateAuthority newAuthority(Versioned<ClusterSecrets> present, Instant now) {
        if (store.topology().isPresent()) {
            throw new StoreException.Unreadable(
                    "cluster "
                            + store.cluster()
                            + " has a topology, but the CA of its certificates is gone from"
                            + " ZooKeeper: its servers would not trust another; restore"
                            + " ZooKeeper's data from a backup",
                    null);
        }
        CertificateAuthority made = CertificateAuthority.create(store.cluster(), now);
        AuthoritySecret kept = new AuthoritySecret(made.certificate(), made.key());
        store.change().replaceSecrets(present.value().with(kept), present.version()).commit();
        return made;
    }

    private synchronized Loaded loaded(EngineKind engine) {
        if (loaded.isEmpty()) {
            loaded = Optional.of(Loaded.of(secrets(), engine));
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
            // Under the lock, which is gone too where ZooKeeper was emptied meanwhile.
            store.change().checkLock(ClusterLock.VERSION).createSecrets(generated).commit();
            return generated;
        } catch (StoreException.Stale e) {
            return store.secrets().orElseThrow(() -> e).value();
        }
    }
}
