package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.RolePower;
import xlctl.agent.api.StopMode;
import xlctl.swarm.ServiceSpec;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.SqlName;

/** What a step does. Secrets are not in it: they are added from the store when it is done. */
public sealed interface Action
        permits Action.AtHost, Action.Commit, Action.OfController, Action.OfPasswords, KeyAction {

    /** The host whose agent is asked; empty for what the controller itself does. */
    default Optional<HostName> where() {
        return Optional.empty();
    }

    /**
     * Whether it only looks: what it found may have changed when the plan is gone on with later.
     */
    default boolean onlyLooks() {
        return false;
    }

    /** Whether it is not taken back as long as what came after it is not: that may need it. */
    default boolean undoneLast() {
        return false;
    }

    /** What the agent of a host is asked for. */
    sealed interface AtHost extends Action {
        HostName host();

        @Override
        default Optional<HostName> where() {
            return Optional.of(host());
        }
    }

    /** Makes and configures an empty data directory. */
    record PrepareInstance(HostName host, InstanceSpec spec) implements AtHost {
        public PrepareInstance {
            requireNonNull(host, "host is null");
            requireNonNull(spec, "spec is null");
        }
    }

    /** That a host proves to those who connect to its servers that they are the cluster's. */
    sealed interface OfCertificate extends AtHost permits CertifyHost, RenewCertificate {}

    /**
     * Gives a host a certificate, unless it has one that will do for long enough. It goes with the
     * host's last instance.
     */
    record CertifyHost(HostName host) implements OfCertificate {
        public CertifyHost {
            requireNonNull(host, "host is null");
        }
    }

    /** Gives a host a new certificate, whatever it has. */
    record RenewCertificate(HostName host) implements OfCertificate {
        public RenewCertificate {
            requireNonNull(host, "host is null");
        }
    }

    /**
     * Looks whether a host that was not there when the plan was made can take an instance. Nothing
     * but its preparation needs that, which is why it is not looked at again once it was found.
     */
    record CheckPlace(HostName host, InstanceSpec spec) implements AtHost {
        public CheckPlace {
            requireNonNull(host, "host is null");
            requireNonNull(spec, "spec is null");
        }
    }

    /** Starts a server and waits until it answers. */
    record StartInstance(HostName host, InstanceName instance, long generation) implements AtHost {
        public StartInstance {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /** Looks whether a server is up as a master. */
    record CheckInstance(HostName host, InstanceName instance) implements AtHost {
        public CheckInstance {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }

        @Override
        public boolean onlyLooks() {
            return true;
        }
    }

    /** Looks whether a server still holds no tables of users. */
    record CheckNoTables(HostName host, InstanceName instance) implements AtHost {
        public CheckNoTables {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }

        @Override
        public boolean onlyLooks() {
            return true;
        }
    }

    record StopInstance(HostName host, InstanceName instance, StopMode mode) implements AtHost {
        public StopInstance {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(mode, "mode is null");
        }
    }

    record KillInstance(HostName host, InstanceName instance) implements AtHost {
        public KillInstance {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /** Stops a server if it runs, and lets its agent forget it. */
    record DiscardInstance(HostName host, InstanceName instance, Disposal disposal)
            implements AtHost {
        public DiscardInstance {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(disposal, "disposal is null");
        }
    }

    /** Takes the definitions of another node into an instance that was never started. */
    record CopyDefinitions(HostName host, InstanceName instance, HostPort source)
            implements AtHost {
        public CopyDefinitions {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(source, "source is null");
        }
    }

    /** Keeps DDL out of the cluster, from a coordinator on, as long as the operation has it. */
    record LockDdl(HostName host, InstanceName instance) implements AtHost {
        public LockDdl {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /** Lets DDL in again. */
    record UnlockDdl(HostName host, InstanceName instance) implements AtHost {
        public UnlockDdl {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /** Looks whether DDL has been kept out without a gap. */
    record CheckDdlLock(HostName host, InstanceName instance) implements AtHost {
        public CheckDdlLock {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }

        @Override
        public boolean onlyLooks() {
            return true;
        }
    }

    /** Has a GTM proxy connect to the GTM anew. */
    record Reconnect(HostName host, InstanceName instance) implements AtHost {
        public Reconnect {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
        }
    }

    /** Makes a database that clients cannot reach yet. */
    record CreateDatabase(HostName host, InstanceName instance, SqlName name, SqlName owner)
            implements AtHost {
        public CreateDatabase {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
            requireNonNull(owner, "owner is null");
        }
    }

    /** Lets clients into a database that the operation made. */
    record OpenDatabase(HostName host, InstanceName instance, SqlName name) implements AtHost {
        public OpenDatabase {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
        }
    }

    /** Drops a database that the operation made, and no other of its name. */
    record DropDatabase(HostName host, InstanceName instance, SqlName name) implements AtHost {
        public DropDatabase {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
        }
    }

    /** Makes a role, by a coordinator, on every node. Its password is not in it. */
    record CreateRole(HostName host, InstanceName instance, SqlName name, Set<RolePower> powers)
            implements AtHost {
        public CreateRole {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(name, "name is null");
            powers = Set.copyOf(powers);
        }
    }

    /**
     * Has an instance use and admit the cluster's passwords as they are then, or those that are to
     * take their place.
     */
    record TakePasswords(HostName host, InstanceName instance, NodeKind kind, PasswordStage stage)
            implements AtHost {
        public TakePasswords {
            requireNonNull(host, "host is null");
            requireNonNull(instance, "instance is null");
            requireNonNull(kind, "kind is null");
            requireNonNull(stage, "stage is null");
        }

        /** Nobody is turned away while a server still uses what it would be turned away with. */
        @Override
        public boolean undoneLast() {
            return stage == PasswordStage.CURRENT;
        }
    }

    /** What becomes of the passwords that are to take the place of the cluster's. */
    sealed interface OfPasswords extends Action permits MakePasswords, ForgetPasswords {}

    /** Makes them, unless they are made. */
    record MakePasswords() implements OfPasswords {}

    /** Forgets those that have not taken their place. */
    record ForgetPasswords() implements OfPasswords {
        @Override
        public boolean undoneLast() {
            return true;
        }
    }

    /** The commit point: topology, node state and journal are written together or not at all. */
    record Commit(TopologyChange change) implements Action {
        public Commit {
            requireNonNull(change, "change is null");
        }
    }

    /** Waits until a host's instances match the topology that was committed. */
    record Converge(HostName host) implements AtHost {
        public Converge {
            requireNonNull(host, "host is null");
        }
    }

    /**
     * Gives a host a moment to match the topology that was committed. What is in its way there is
     * told, and no failure: it goes on trying.
     */
    record TakeNote(HostName host) implements AtHost {
        public TakeNote {
            requireNonNull(host, "host is null");
        }
    }

    /** What no agent is asked for: services and the registration of their hosts. */
    sealed interface OfController extends Action
            permits CreateService, RegisterHost, RemoveService, UnregisterHost {
        HostName host();

        @Override
        default boolean undoneLast() {
            return true;
        }
    }

    /** Makes the service that a host is to be; its agent comes up later. */
    record CreateService(ServiceSpec spec) implements OfController {
        public CreateService {
            requireNonNull(spec, "spec is null");
        }

        @Override
        public HostName host() {
            return spec.host();
        }
    }

    /**
     * Waits until the agent of a service is connected to ZooKeeper, sees that whoever answers at
     * its address has the key that the agent says there it has, and registers the host with it.
     *
     * @param agent where the agent is to listen
     * @param service the name of the service
     */
    record RegisterHost(HostName host, HostPort agent, String service) implements OfController {
        public RegisterHost {
            requireNonNull(host, "host is null");
            requireNonNull(agent, "agent is null");
            requireNonNull(service, "service is null");
        }
    }

    /** Removes a host's service and its volume. */
    record RemoveService(HostName host) implements OfController {
        public RemoveService {
            requireNonNull(host, "host is null");
        }
    }

    /**
     * Forgets a registration, and no later one of the same host.
     *
     * @param since of the registration; empty for the one that the same operation made
     */
    record UnregisterHost(HostName host, Optional<Instant> since) implements OfController {
        public UnregisterHost {
            requireNonNull(host, "host is null");
            requireNonNull(since, "since is null");
        }
    }
}
