package xlctl.controller;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.command.Command;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/**
 * One cluster, to look at and to change. Thread-safe. Every method may throw {@link
 * StoreException}; what concerns a command or a host is a value in the result instead.
 */
public final class Controller implements AutoCloseable {

    private Controller() {}

    /**
     * Connects to ZooKeeper. Agents are connected when they are first needed, and kept.
     *
     * @throws StoreException.Unreachable when ZooKeeper does not answer
     */
    public static Controller open(ControllerSettings settings) {
        throw new UnsupportedOperationException();
    }

    /**
     * The cluster as it is now. All agents are asked at once and given until the settings'
     * observation deadline; the servers of one that is silent are asked themselves.
     */
    public ClusterView look() {
        throw new UnsupportedOperationException();
    }

    /** As {@link #look()}, for the hosts alone: registered ones and those that offer themselves. */
    public List<HostView> hosts() {
        throw new UnsupportedOperationException();
    }

    /**
     * What these commands would do, one after the other. Changes nothing and takes no lock.
     * Consecutive adds are planned on each other; for any other command the cluster is taken as it
     * is.
     */
    public List<PlannedCommand> plan(List<Command> commands) {
        throw new UnsupportedOperationException();
    }

    /**
     * Does these commands and answers for each, in their order. Consecutive adds are done at the
     * same time and committed one after the other; other commands are done one by one. The first
     * that fails ends the list: those after it are not done, and adds of its group that were under
     * way are undone.
     */
    public List<CommandResult> run(List<Command> commands, ProgressListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Every operation kept, oldest first. */
    public List<OperationHeader> operations() {
        throw new UnsupportedOperationException();
    }

    public Optional<OperationView> operation(long number) {
        throw new UnsupportedOperationException();
    }

    /** Finishes an open operation: forward, or back when it was already being undone. */
    public OperationResult resume(long number, ProgressListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Undoes an open operation that has not passed its commit point. */
    public OperationResult rollback(long number, ProgressListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Fetches the key that a host's agent offers.
     *
     * @param agent where; empty for where it was registered, or says it is, or the host's standard
     *     port
     * @throws AgentUnreachableException when nothing there speaks SSH
     */
    public HostKeyOffer offeredKey(HostName host, Optional<HostPort> agent) {
        throw new UnsupportedOperationException();
    }

    /**
     * Registers a host with the key it offers, or replaces what was registered.
     *
     * @throws RefusedException when the registration changed since the offer was made, or the offer
     *     contradicts what the agent says in ZooKeeper
     */
    public HostRecord acceptHost(HostKeyOffer offer) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends what {@link #run}, {@link #resume} or {@link #rollback} are doing, soon: what has not
     * reached its commit point is undone, the rest stays open and can be resumed. Those methods
     * return once that is so. May be called from any thread, at any time, more than once.
     */
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
