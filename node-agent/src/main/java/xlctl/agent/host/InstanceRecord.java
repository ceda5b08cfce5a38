package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.process.ProcessIdentity;
import xlctl.store.Lineage;
import xlctl.topology.InstanceName;

/**
 * What the agent remembers of an instance over its own restarts.
 *
 * @param dataDirectory its real path
 * @param walDirectory likewise
 * @param preparedBy the number of the operation that had it prepared last
 * @param desired what becomes of the server when the agent finds it otherwise
 * @param generation the highest under which it was started, 0 before the first start
 * @param process the server's first process when it was last started or adopted
 * @param named the version of the newest topology seen to name it, {@link #NEVER} for none
 * @param lineage the life of the cluster's records in which that was; empty where none was known
 */
record InstanceRecord(
        InstanceSpec spec,
        String dataDirectory,
        Optional<String> walDirectory,
        long preparedBy,
        Phase phase,
        Desired desired,
        long generation,
        Optional<ProcessIdentity> process,
        int named,
        Optional<Lineage> lineage) {
    static final int NEVER = -1;

    /** Where the making or removal of its directories stands. */
    enum Phase {
        /** They were absent or empty, and are being filled: all in them is the agent's own. */
        PREPARING,
        READY,
        /** They are being removed. */
        REMOVING
    }

    /** What the instance should be. */
    enum Desired {
        /** Not started yet. */
        PREPARED,
        RUNNING,
        STOPPED
    }

    InstanceRecord {
        requireNonNull(spec, "spec is null");
        requireNonNull(dataDirectory, "dataDirectory is null");
        requireNonNull(walDirectory, "walDirectory is null");
        requireNonNull(phase, "phase is null");
        requireNonNull(desired, "desired is null");
        requireNonNull(process, "process is null");
        requireNonNull(lineage, "lineage is null");
    }

    static InstanceRecord preparing(
            InstanceSpec spec,
            String dataDirectory,
            Optional<String> walDirectory,
            long preparedBy) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                Phase.PREPARING,
                Desired.PREPARED,
                0,
                Optional.empty(),
                NEVER,
                Optional.empty());
    }

    InstanceName name() {
        return spec.instance().name();
    }

    boolean shouldRun() {
        return phase == Phase.READY && desired == Desired.RUNNING;
    }

    boolean wasNamed() {
        return named != NEVER;
    }

    InstanceRecord in(Phase newPhase) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                newPhase,
                desired,
                generation,
                process,
                named,
                lineage);
    }

    InstanceRecord runningUnder(long newGeneration) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                phase,
                Desired.RUNNING,
                newGeneration,
                process,
                named,
                lineage);
    }

    InstanceRecord stopped() {
        Desired next = desired == Desired.PREPARED ? Desired.PREPARED : Desired.STOPPED;
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                phase,
                next,
                generation,
                process,
                named,
                lineage);
    }

    InstanceRecord with(ProcessIdentity newProcess) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                phase,
                desired,
                generation,
                Optional.of(newProcess),
                named,
                lineage);
    }

    InstanceRecord preparedBy(long operation) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                operation,
                phase,
                desired,
                generation,
                process,
                named,
                lineage);
    }

    /**
     * @param life of the records that the topology is in; empty: not known
     */
    InstanceRecord namedIn(int version, Optional<Lineage> life) {
        return new InstanceRecord(
                spec,
                dataDirectory,
                walDirectory,
                preparedBy,
                phase,
                desired,
                generation,
                process,
                version,
                life);
    }
}
