package xlctl.operation;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import xlctl.agent.api.PasswordVerifier;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.SqlName;

/** Puts together what the runs of operations share. Thread-safe. */
final class RunFactory implements AutoCloseable {
    private static final int STEPS_AT_ONCE = 64;

    private final ClusterStore store;
    private final Agents agents;
    private final SwarmAccess swarm;
    private final Limits limits;
    private final Clock clock;
    private final Waiting waiting;
    private final Workers steps = new Workers("operation-step", STEPS_AT_ONCE);

    RunFactory(
            ClusterStore store,
            Agents agents,
            SwarmAccess swarm,
            Limits limits,
            Clock clock,
            Waiting waiting) {
        this.store = store;
        this.agents = agents;
        this.swarm = swarm;
        this.limits = limits;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** What the runs of one group share: the hosts and credentials as they are now. */
    record Shared(AgentCalls calls, Credentials credentials, GivenUp lost) {}

    /** Of an operation that was left open. */
    Shared sharedWithout(GivenUp lost) {
        return shared(Map.of(), lost);
    }

    /**
     * @param given verifiers of the roles that the runs are to make
     */
    Shared shared(Map<SqlName, PasswordVerifier> given) {
        return shared(given, GivenUp.NOBODY);
    }

    private Shared shared(Map<SqlName, PasswordVerifier> given, GivenUp lost) {
        Map<HostName, HostRecord> hosts = new HashMap<>();
        store.hosts().forEach((name, record) -> hosts.put(name, record.value()));
        return new Shared(
                new AgentCalls(store, agents, hosts, limits, waiting),
                new Credentials(store, given),
                lost);
    }

    OperationRun run(
            Journal journal,
            Shared shared,
            Turn turn,
            Listener listener,
            Cancellation cancellation) {
        StepRunner runner =
                new StepRunner(
                        shared.calls(),
                        shared.credentials(),
                        new Certification(
                                store, shared.calls(), shared.credentials(), limits, clock),
                        new KeyReplacement(agents, shared.calls(), new KeyJournal(journal), limits),
                        journal::topologyVersion,
                        limits);
        ServiceSteps services = new ServiceSteps(store, journal, shared.calls(), swarm, limits);
        PasswordSteps passwords = new PasswordSteps(store, journal, shared.calls());
        return new OperationRun(
                journal,
                runner,
                services,
                passwords,
                steps,
                turn,
                cancellation,
                listener,
                shared.lost());
    }

    @Override
    public void close() {
        steps.close();
    }
}
