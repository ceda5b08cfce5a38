package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/**
 * What a controller asks of an agent. Reading requests may be sent at any time, as often as one
 * likes.
 */
public sealed interface Request permits Request.Reading, Request.Changing {

    /** Changes nothing. */
    sealed interface Reading extends Request
            permits Hello,
                    Inspect,
                    ProbePlace,
                    ListUserTables,
                    AwaitConvergence,
                    CheckDdlLock,
                    CheckDeep,
                    AskForCertificate,
                    ReadLogs,
                    Reach {}

    /**
     * Changes something on the host. Idempotent: the same key again joins the work under way or
     * returns its result, and the same work under a new key ends as if done once.
     */
    sealed interface Changing extends Request permits AtInstance, OfKeys, InstallCertificate {
        StepKey key();

        /**
         * What it changes, in a word or two: changes of the same take place one after the other.
         */
        String subject();
    }

    /** Changes one instance. */
    sealed interface AtInstance extends Changing
            permits Prepare,
                    CopyDefinitions,
                    Start,
                    Stop,
                    Kill,
                    Discard,
                    LockDdl,
                    UnlockDdl,
                    Reconnect,
                    CreateDatabase,
                    OpenDatabase,
                    DropDatabase,
                    CreateRole,
                    TakeSecrets {
        InstanceName instance();

        @Override
        default String subject() {
            return instance().toString();
        }
    }

    /** Changes who may give the agent orders. */
    sealed interface OfKeys extends Changing permits AdmitKey, WithdrawKey {
        ControllerKey publicKey();

        @Override
        default String subject() {
            return "the authorized keys";
        }
    }

    /** The first request on a connection. Answered by {@link Reply.Welcome}. */
    record Hello(int oldestProtocol, int newestProtocol, String client) implements Reading {
        public Hello {
            requireNonNull(client, "client is null");
        }

        public static Hello now(String client) {
            return new Hello(Protocol.OLDEST, Protocol.NEWEST, client);
        }
    }

    /**
     * All an agent knows of its host and instances, looked at afresh. Answered by {@link
     * Reply.HostReport}.
     */
    record Inspect() implements Reading {}

    /**
     * What would keep this instance from being prepared here. Answered by {@link
     * Reply.PlaceReport}.
     */
    record ProbePlace(InstanceSpec spec) implements Reading {
        public ProbePlace {
            requireNonNull(spec, "spec is null");
        }
    }

    /**
     * The tables of users that would be lost with an instance, over all its databases. Answered by
     * {@link Reply.UserTables}.
     */
    record ListUserTables(InstanceName instance) implements Reading {
        public ListUserTables {
            requireNonNull(instance, "instance is null");
        }
    }

    /**
     * Waits until the agent's instances match the topology record of this version or a newer one.
     * Answered by {@link Reply.Converged}, or {@link Reply.Failed} with what is in the way when the
     * time is over.
     */
    record AwaitConvergence(int topologyVersion, Duration timeout) implements Reading {
        public AwaitConvergence {
            requireNonNull(timeout, "timeout is null");
        }
    }

    /** Makes and configures an empty data directory. The server is not started. */
    record Prepare(StepKey key, InstanceSpec spec, InstanceSecrets secrets) implements AtInstance {
        public Prepare {
            requireNonNull(key, "key is null");
            requireNonNull(spec, "spec is null");
            requireNonNull(secrets, "secrets is null");
        }

        @Override
        public InstanceName instance() {
            return spec.instance().name();
        }
    }

    /**
     * Starts a prepared instance and waits until it answers; a running one is left alone. From then
     * on the agent keeps it running.
     *
     * @param generation of the node state under which it is started; the agent remembers the
     *     highest
     * @param timeout how long it may take until it answers
     */
    record Start(StepKey key, InstanceName instance, long generation, Duration timeout)
            implements AtInstance {
        public Start {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(timeout, "timeout is null");
        }
    }

    /** Stops an instance and waits until it is gone; it stays stopped until started on purpose. */
    record Stop(StepKey key, InstanceName instance, StopMode mode, Duration timeout)
            implements AtInstance {
        public Stop {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(mode, "mode is null");
            requireNonNull(timeout, "timeout is null");
        }
    }

    /**
     * Ends every process of an instance with SIGKILL; it stays stopped until started on purpose.
     */
    record Kill(StepKey key, InstanceName instance) implements AtInstance {
        public Kill {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /**
     * Stops an instance if it runs and forgets it. An instance that the agent does not know is no
     * error.
     */
    record Discard(StepKey key, InstanceName instance, Disposal disposal) implements AtInstance {
        public Discard {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(disposal, "disposal is null");
        }
    }

    /**
     * Takes the definitions of databases, roles and tables from a node into an instance that is
     * prepared and was never started. Its node is not known to the cluster yet.
     *
     * @param source a node of a cluster in which an operation keeps changes of definitions out; a
     *     coordinator, or of the stock engine a datanode for a datanode
     */
    record CopyDefinitions(StepKey key, InstanceName instance, HostPort source)
            implements AtInstance {
        public CopyDefinitions {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(source, "source is null");
        }
    }

    /**
     * Keeps changes of definitions (DDL) out of the whole cluster, from this coordinator on, for as
     * long as one of the operations that asked for it has it. It is lost when the agent or the
     * server ends.
     *
     * @param longest after this time the operation loses it by itself
     */
    record LockDdl(StepKey key, InstanceName instance, Duration longest) implements AtInstance {
        public LockDdl {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(longest, "longest is null");
        }
    }

    /** Ends what {@link LockDdl} began for this operation. Not having it is no error. */
    record UnlockDdl(StepKey key, InstanceName instance) implements AtInstance {
        public UnlockDdl {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /**
     * Whether an operation has kept DDL out since its {@link LockDdl}, asked of the server itself.
     * Answered by {@link Reply.Done}, or {@link Reply.Failed} when it has not.
     */
    record CheckDdlLock(InstanceName instance, long operation) implements Reading {
        public CheckDdlLock {
            requireNonNull(instance, "instance is null");
        }
    }

    /** Makes a GTM proxy connect to its GTM anew. Its clients stay connected. */
    record Reconnect(StepKey key, InstanceName instance) implements AtInstance {
        public Reconnect {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /**
     * Makes a database with all that the cluster's databases have, to which no client can connect
     * yet. One that the same operation made is no error, any other of the name is.
     *
     * @param owner a role that is there
     */
    record CreateDatabase(StepKey key, InstanceName instance, SqlName name, SqlName owner)
            implements AtInstance {
        public CreateDatabase {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
            requireNonNull(owner, "owner is null");
        }
    }

    /** Lets clients into a database that {@link CreateDatabase} of this operation made. */
    record OpenDatabase(StepKey key, InstanceName instance, SqlName name) implements AtInstance {
        public OpenDatabase {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
        }
    }

    /**
     * Drops a database that {@link CreateDatabase} of this operation made and that was not opened.
     * None, or another of the name, is no error.
     */
    record DropDatabase(StepKey key, InstanceName instance, SqlName name) implements AtInstance {
        public DropDatabase {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
        }
    }

    /** Makes a role that can log in, on every node of the cluster, through a coordinator. */
    record CreateRole(
            StepKey key,
            InstanceName instance,
            SqlName name,
            Set<RolePower> powers,
            PasswordVerifier verifier)
            implements AtInstance {
        public CreateRole {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
            powers = Set.copyOf(powers);
            requireNonNull(verifier, "verifier is null");
        }
    }

    /**
     * Has an instance use and admit other passwords than before. Done once a server that runs does;
     * one that does not run will when it is started, and is waited for a while if it should run.
     * Sessions stay.
     *
     * @param alsoOutgoing passwords of more roles as which its server may be about to log in to
     *     others, because it did so before or will soon
     */
    record TakeSecrets(
            StepKey key,
            InstanceName instance,
            InstanceSecrets secrets,
            Map<ServerRole, Secret> alsoOutgoing)
            implements AtInstance {
        public TakeSecrets {
            requireNonNull(key, "key is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(secrets, "secrets is null");
            alsoOutgoing = Map.copyOf(alsoOutgoing);
        }
    }

    /**
     * Reads and writes through an instance, on every node that its clients' statements reach.
     * Leaves nothing behind. Answered by {@link Reply.DeepReport}.
     */
    record CheckDeep(InstanceName instance) implements Reading {
        public CheckDeep {
            requireNonNull(instance, "instance is null");
        }
    }

    /**
     * What the host asks the cluster's authority to sign, and what it has by now. The key of it is
     * kept until the agent ends. Answered by {@link Reply.CertificateWish}.
     */
    record AskForCertificate() implements Reading {}

    /**
     * The ends of the agent's own log and of those of its servers, whole lines only. Answered by
     * {@link Reply.Logs}.
     *
     * @param bytes at most of each log
     */
    record ReadLogs(int bytes) implements Reading {}

    /**
     * Whether the host reaches each of these; all are tried at the same time. Answered by {@link
     * Reply.Reached}, after little more than twice the patience at the latest.
     *
     * @param patience how long each may take to greet
     */
    record Reach(List<Destination> destinations, Duration patience) implements Reading {
        public Reach {
            destinations = List.copyOf(destinations);
            if (patience.isNegative() || patience.isZero()) {
                throw new IllegalArgumentException("a patience of " + patience);
            }
        }
    }

    /**
     * Gives the host what was signed for it. Its servers present it to those who connect from then
     * on; sessions stay. The host keeps it as long as it has an instance.
     *
     * @param certificate in PEM, for the key of {@link AskForCertificate} or the one in use
     * @param authority the certificates in PEM of those whose signature the host is to trust
     */
    record InstallCertificate(StepKey key, String certificate, String authority)
            implements Changing {
        public InstallCertificate {
            requireNonNull(key, "key is null");
            requireNonNull(certificate, "certificate is null");
            requireNonNull(authority, "authority is null");
        }

        @Override
        public String subject() {
            return "the host's certificate";
        }
    }

    /** Lets whoever has a key give orders, beside those who may. One that may is no error. */
    record AdmitKey(StepKey key, ControllerKey publicKey) implements OfKeys {
        public AdmitKey {
            requireNonNull(key, "key is null");
            requireNonNull(publicKey, "publicKey is null");
        }
    }

    /**
     * Lets whoever has a key in no more, and ends the connections that were made with it. One that
     * is not let in is no error. Refused when nobody would be left.
     */
    record WithdrawKey(StepKey key, ControllerKey publicKey) implements OfKeys {
        public WithdrawKey {
            requireNonNull(key, "key is null");
            requireNonNull(publicKey, "publicKey is null");
        }
    }
}
