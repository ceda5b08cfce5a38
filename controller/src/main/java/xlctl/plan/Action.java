package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.StopMode;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;

/** What a step does. Secrets are not in it: they are added from the store when it is done. */
public sealed interface Action permits Action.AtHost, Action.Commit {

    /** The host whose agent is asked; empty for what is done in the store. */
    default Optional<HostName> where() {
        return Optional.empty();
    }

    /**
     * Whether it only looks: what it found may have changed when the plan is gone on with later.
     */
    default boolean onlyLooks() {
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

    /** Takes the definitions of a coordinator into an instance that was never started. */
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
}
