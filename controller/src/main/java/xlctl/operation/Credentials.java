package xlctl.operation;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.certificate.CertificateAuthority;
import xlctl.plan.Action;
import xlctl.plan.PasswordStage;
import xlctl.store.AuthoritySecret;
import xlctl.store.Change;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/**
 * The cluster's secrets, and the part of them that an instance needs. They are read, or generated
 * for a cluster that has none, when they are first needed; the verifiers are computed once and are
 * the same for all instances that this object serves. Thread-safe.
 */
final class Credentials {
    /** Other operations of a script end beside the one that is asked about. */
    private static final int TRIES = 5;

    private final ClusterStore store;
    private final Map<SqlName, PasswordVerifier> given;
    private final Map<Secret, PasswordVerifier> scram = new ConcurrentHashMap<>();
    private Optional<ClusterSecrets> loaded = Optional.empty();
    private Optional<CertificateAuthority> authority = Optional.empty();

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
        ClusterSecrets secrets = cluster();
        return new InstanceSecrets(
                secrets.superuser(),
                outgoing(engine, kind, secrets),
                verifiers(engine, admitted(engine, kind, secrets)));
    }

    /**
     * What has an instance of the stock engine go by the passwords of a stage, as the store has
     * them now; empty when those that are to come are not there.
     */
    Optional<Request.TakeSecrets> taking(Action.TakePasswords take, StepKey key) {
        EngineKind engine = EngineKind.POSTGRESQL;
        ClusterSecrets now = secrets();
        Optional<ClusterSecrets> next =
                take.stage() == PasswordStage.CURRENT ? Optional.of(now) : now.renewed();
        return next.map(
                then -> {
                    Map<ServerRole, Secret> admitted = admitted(engine, take.kind(), then);
                    admitted.putAll(admitted(engine, take.kind(), now));
                    ClusterSecrets used = take.stage() == PasswordStage.NEXT_USED ? then : now;
                    Map<ServerRole, Secret> also =
                            new EnumMap<>(outgoing(engine, take.kind(), now));
                    also.putAll(outgoing(engine, take.kind(), then));
                    return new Request.TakeSecrets(
                            key,
                            take.instance(),
                            new InstanceSecrets(
                                    now.superuser(),
                                    outgoing(engine, take.kind(), used),
                                    verifiers(engine, admitted)),
                            also);
                });
    }

    Problem noNext() {
        return PasswordSteps.noNext(store.cluster());
    }

    /** The roles that may log in to an instance. */
    private static Map<ServerRole, Secret> admitted(
            EngineKind engine, NodeKind kind, ClusterSecrets secrets) {
        Map<ServerRole, Secret> admitted = new EnumMap<>(ServerRole.class);
        if (engine != EngineKind.POSTGRESQL && !kind.inCatalog()) {
            return admitted;
        }
        admitted.put(ServerRole.SUPERUSER, secrets.superuser());
        admitted.put(secrets.logins().monitor(), secrets.monitor());
        if (kind.inCatalog()) {
            admitted.put(ServerRole.CLIENT, secrets.client());
        }
        if (engine == EngineKind.POSTGRESQL) {
            admitted.put(secrets.logins().internal(), secrets.internal());
            admitted.put(secrets.logins().ddl(), secrets.internal());
        }
        return admitted;
    }

    private Map<ServerRole, PasswordVerifier> verifiers(
            EngineKind engine, Map<ServerRole, Secret> admitted) {
        Map<ServerRole, PasswordVerifier> verifiers = new EnumMap<>(ServerRole.class);
        admitted.forEach(
                (role, password) ->
                        verifiers.put(
                                role,
                                engine == EngineKind.POSTGRES_XL
                                        ? Md5Verifier.of(password, role.roleName())
                                        : scram.computeIfAbsent(password, ScramVerifier::of)));
        return verifiers;
    }

    /**
     * The stock engine's nodes reach each other and the GTM as internal roles. The servers of
     * Postgres-XL reach each other as whoever is logged in, and each needs its password; those of
     * OpenTenBase need none.
     */
    private static Map<ServerRole, Secret> outgoing(
            EngineKind engine, NodeKind kind, ClusterSecrets secrets) {
        Map<ServerRole, Secret> outgoing = new EnumMap<>(ServerRole.class);
        if (engine == EngineKind.POSTGRESQL && kind.inCatalog()) {
            outgoing.put(secrets.logins().internal(), secrets.internal());
            outgoing.put(secrets.logins().ddl(), secrets.internal());
        }
        if (engine == EngineKind.POSTGRES_XL && kind.inCatalog()) {
            outgoing.put(ServerRole.SUPERUSER, secrets.superuser());
            outgoing.put(ServerRole.MONITOR, secrets.monitor());
            outgoing.put(ServerRole.CLIENT, secrets.client());
        }
        return outgoing;
    }

    /**
     * Who signs the certificates of the cluster's hosts; made when the first host needs one.
     *
     * @throws StoreException.Unreadable when the cluster's is gone
     * @throws SupersededException when ZooKeeper was emptied meanwhile
     */
    synchronized CertificateAuthority authority(Instant now) {
        if (authority.isEmpty()) {
            secrets();
            Versioned<ClusterSecrets> present =
                    store.secrets()
                            .orElseThrow(
                                    () ->
                                            new SupersededException(
                                                    "the passwords of cluster "
                                                            + store.cluster()
                                                            + " are gone from ZooKeeper, which was"
                                                            + " emptied, or their record removed;"
                                                            + " nothing more was done"));
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

    private synchronized ClusterSecrets cluster() {
        if (loaded.isEmpty()) {
            loaded = Optional.of(secrets());
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
        return generated(ClusterSecrets.generate());
    }

    /**
     * For an operation that is under way: where ZooKeeper was emptied meanwhile, it is gone. The
     * lock would not do, because it goes with a session that ends before the operation does.
     */
    private ClusterSecrets generated(ClusterSecrets secrets) {
        for (int tries = 1; ; tries++) {
            Optional<Versioned<OperationHeader>> open = newestOpen();
            Change change = store.change();
            if (open.isPresent()) {
                change.checkOperation(open.get().value().number(), open.get().version());
            } else {
                change.checkLock(ClusterLock.VERSION);
            }
            try {
                change.createSecrets(secrets).commit();
                return secrets;
            } catch (StoreException.Stale e) {
                Optional<Versioned<ClusterSecrets>> others = store.secrets();
                if (others.isPresent()) {
                    return others.get().value();
                }
                if (open.isEmpty() || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Optional<Versioned<OperationHeader>> newestOpen() {
        return store.operations().values().stream()
                .filter(header -> header.value().state().open())
                .max(Comparator.comparing(header -> header.value().number()));
    }
}
