package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ProcessIdentity;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcess;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * One instance of this host: its record, its server's process and the agent's way into it. What
 * changes it happens under {@link #changing}; looking at it needs no lock.
 */
final class HostedInstance {

    private static final Logger LOG = LoggerFactory.getLogger(HostedInstance.class);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 10;

    /** What a server that lives now was before it began. */
    private static final Set<State> NOT_UP_YET = EnumSet.of(State.STARTING, State.DOWN);

    private static final Set<State> SHUT = EnumSet.of(State.STARTING, State.SILENT, State.REFUSING);

    private final InstanceRecords records;
    private final Engine engine;
    private final ServerProcesses processes;
    private final Clock clock;
    private final SharedDdlLock ddl;
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock converging = new ReentrantLock();
    private volatile InstanceRecord record;
    private volatile Site site;
    private volatile ServerLink link;
    private volatile boolean beingStopped;
    private volatile int applied = InstanceRecord.NEVER;
    private volatile List<Leftover> leftovers = List.of();
    private volatile Seen seen;

    /** A state and when it was first seen. */
    private record Seen(State state, Instant since) {}

    HostedInstance(
            InstanceRecord record,
            Site site,
            InstanceRecords records,
            Engine engine,
            ServerProcesses processes,
            Clock clock) {
        this.record = record;
        this.site = site;
        this.records = records;
        this.engine = engine;
        this.processes = processes;
        this.clock = clock;
        this.link = engine.link(site);
        this.ddl = new SharedDdlLock(() -> link.lockDdl());
        this.seen = new Seen(State.PREPARED, clock.instant());
    }

    InstanceName name() {
        return record.name();
    }

    InstanceRecord record() {
        return record;
    }

    /** What a person does whose topology knows nothing of it, so that no command removes it. */
    String removalByHand() {
        return "end the agent, and move "
                + record().dataDirectory()
                + " and "
                + site.stateDirectory()
                + " away";
    }

    /** Whether its removal was begun, and not ended yet. */
    boolean isBeingRemoved() {
        return record.phase() == InstanceRecord.Phase.REMOVING;
    }

    Site site() {
        return site;
    }

    List<Path> logDirectories() {
        return engine.logDirectories(site);
    }

    List<Path> endlessLogs() {
        return engine.endlessLogs(site);
    }

    InstanceSecrets secrets() {
        return site.secrets();
    }

    ServerLink link() {
        return link;
    }

    /** What keeps DDL out from this coordinator on. */
    SharedDdlLock ddl() {
        return ddl;
    }

    /** Takes definitions into the data directory, which no server has served yet. */
    void copyDefinitions(HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException {
        engine.copyDefinitions(site, source, progress);
    }

    /** Held by whoever changes the instance; the others wait, or leave it alone. */
    ReentrantLock changing() {
        return changing;
    }

    /** The version of the topology that the server's catalogs match, as far as is known. */
    int applied() {
        return applied;
    }

    /** What users of the server still used of nodes that are gone, when it was last converged. */
    List<Leftover> leftovers() {
        return leftovers;
    }

    /** Changes what is remembered; on disk when this returns. */
    synchronized void update(UnaryOperator<InstanceRecord> change) throws IOException {
        InstanceRecord changed = change.apply(record);
        if (!changed.equals(record)) {
            records.write(changed);
            record = changed;
        }
    }

    boolean alive() {
        return record.process().filter(processes::alive).isPresent();
    }

    /** The server's first process; one whose start was not remembered is adopted by its claim. */
    Optional<ProcessIdentity> findProcess() throws IOException {
        Optional<ProcessIdentity> found =
                processes.find(command(), record.process(), engine.claimedPid(site));
        if (found.isPresent() && !found.equals(record.process())) {
            LOG.info("{}: adopted its server, process {}", name(), found.get().pid());
            update(now -> now.with(found.get()));
        }
        return found;
    }

    List<ServerProcess> processes() {
        return processes.views(command());
    }

    /** As {@link Engine#hungLogin}. */
    Optional<ServerProcess> hungLogin(List<ServerProcess> old) {
        return engine.hungLogin(site, old);
    }

    /** Ends one process of the server, which then starts its sessions anew. */
    void killOne(long pid) {
        processes.killOne(command(), pid);
    }

    /** What is amiss with the data that were made here; empty when they are there. */
    Optional<Problem> lostData() {
        return record.phase() == InstanceRecord.Phase.READY
                ? ReplacedVolume.lostData(site, engine.dataMark(site))
                : Optional.empty();
    }

    /**
     * Starts the server if it does not run; what a dead one left behind is ended before.
     *
     * @return whether it did not run
     */
    boolean launch() throws IOException, InterruptedException, EngineException {
        if (findProcess().isPresent()) {
            return false;
        }
        Set<Long> orphans = processes.pids(command());
        if (!orphans.isEmpty()) {
            LOG.warn("{}: ending processes {}, left behind by a dead server", name(), orphans);
            Set<Long> left = processes.kill(command(), Optional.empty(), KILL_TIMEOUT);
            if (!left.isEmpty()) {
                throw cannotEnd(left);
            }
        }
        engine.clearRemains(site);
        clearLocksOfAnotherLife();
        seen = new Seen(State.STARTING, clock.instant());
        ProcessIdentity process = processes.start(command());
        update(now -> now.with(process));
        LOG.info("{}: started, process {}", name(), process.pid());
        return true;
    }

    /**
     * Its last server died with its container: the number by which that one still keeps others out
     * is soon another process's.
     */
    private void clearLocksOfAnotherLife() throws IOException {
        if (record.process().filter(processes::ofAnotherLife).isPresent()) {
            for (Path lock : engine.lockFiles(site)) {
                if (Files.deleteIfExists(lock)) {
                    LOG.info(
                            "{}: removed {}, of a server before this boot or container",
                            name(),
                            lock);
                }
            }
        }
    }

    /**
     * {@linkplain #launch() Launches} the server and waits until it answers. One that was on its
     * way down is started once it is there.
     *
     * @param timeout a tenth more at most, when it was on its way down until the end
     * @return whether it was started
     */
    boolean run(Duration timeout, Consumer<String> progress)
            throws IOException, InterruptedException, EngineException {
        boolean launched = launchFromNothing();
        long deadline = System.nanoTime() + timeout.toNanos();
        long nextWord = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (true) {
            boolean alive = alive();
            Health health = link.check();
            if (alive && health.answers()) {
                return launched;
            }
            if (!alive && !launched) {
                launched = launchFromNothing();
                deadline = later(deadline, System.nanoTime() + timeout.toNanos() / 10);
                continue;
            }
            if (!alive) {
                throw new EngineException(
                        "the server of "
                                + name()
                                + " ended while it started: "
                                + engine.lastWords(site),
                        "correct what it complains of; its log is in "
                                + site.stateDirectory()
                                + ", until an add that made it is undone",
                        null);
            }
            if (System.nanoTime() >= deadline) {
                throw new EngineException(
                        "the server of "
                                + name()
                                + " does not answer after "
                                + timeout.toSeconds()
                                + " s: "
                                + health.why(),
                        "its log is in " + site.stateDirectory(),
                        null);
            }
            if (System.nanoTime() >= nextWord) {
                progress.accept(
                        name()
                                + (launched ? " is starting: " : " is still stopping: ")
                                + health.why());
                nextWord = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private boolean launchFromNothing() throws IOException, InterruptedException, EngineException {
        if (findProcess().isEmpty()) {
            forgetApplied();
        }
        return launch();
    }

    /** Before a start: a stopped server knows nothing of what changed meanwhile. */
    void forgetApplied() {
        applied = InstanceRecord.NEVER;
    }

    /**
     * Stops the server; one that does not run is no error.
     *
     * @return whether it ran
     * @throws EngineException when processes are left after the timeout
     */
    boolean stop(StopMode mode, Duration timeout)
            throws IOException, InterruptedException, EngineException {
        beingStopped = true;
        try {
            ddl.release();
            link.close();
            Optional<ProcessIdentity> process = findProcess();
            if (process.isEmpty()) {
                return killAll(Optional.empty());
            }
            Set<Long> left =
                    processes.stop(command(), process.get(), engine.signal(site, mode), timeout);
            if (!left.isEmpty()) {
                throw new EngineException(
                        name()
                                + " still runs "
                                + timeout.toSeconds()
                                + " s after it was asked to stop ("
                                + mode
                                + "): processes "
                                + sorted(left),
                        mode == StopMode.IMMEDIATE ? "kill" : "stop -m immediate, or kill",
                        null);
            }
            LOG.info("{}: stopped ({})", name(), mode);
            return true;
        } finally {
            beingStopped = false;
        }
    }

    /** Has its server, if it runs, take what was changed of its files. Sessions stay. */
    void readFilesAgain() throws IOException, InterruptedException {
        Optional<ProcessIdentity> process = record.process().filter(processes::alive);
        if (site.encrypted() && process.isPresent()) {
            engine.send(Signal.HUP, process.get().pid());
        }
    }

    /** As {@link #stop}, with SIGKILL to every process. */
    boolean kill() throws IOException, InterruptedException, EngineException {
        beingStopped = true;
        try {
            return killAll(findProcess());
        } finally {
            beingStopped = false;
            link.close();
            ddl.release();
        }
    }

    private boolean killAll(Optional<ProcessIdentity> first)
            throws InterruptedException, EngineException {
        boolean ran = !processes.pids(command()).isEmpty();
        Set<Long> left = processes.kill(command(), first, KILL_TIMEOUT);
        if (!left.isEmpty()) {
            throw cannotEnd(left);
        }
        if (ran) {
            LOG.info("{}: killed", name());
        }
        return ran;
    }

    /**
     * Makes the server match a topology. One that matches a newer one already is left alone: who
     * read the older one was overtaken.
     */
    void converge(int version, Catalog catalog) throws EngineException {
        converging.lock();
        try {
            if (version >= applied) {
                leftovers = link.converge(catalog);
                forgetFormerSuperuser();
                applied = version;
            }
        } finally {
            converging.unlock();
        }
    }

    /**
     * Goes by other passwords from now on, on disk when this returns. Its server has them once it
     * {@linkplain #takePasswords() takes} them, or is made to match a topology after that.
     *
     * @param alsoOutgoing more of those with which the server logs in to others
     */
    void take(InstanceSecrets secrets, Map<ServerRole, Secret> alsoOutgoing)
            throws IOException, EngineException {
        converging.lock();
        try {
            Set<Secret> former = new LinkedHashSet<>(site.formerSuperuser());
            former.add(site.secrets().superuser());
            former.remove(secrets.superuser());
            Site changed = site.with(secrets, List.copyOf(former));
            Map<ServerRole, Secret> outgoing = new EnumMap<>(ServerRole.class);
            outgoing.putAll(alsoOutgoing);
            outgoing.putAll(secrets.outgoing());
            engine.replacePasswords(changed, outgoing);
            records.write(name(), secrets, changed.formerSuperuser());
            ServerLink before = link;
            site = changed;
            link = engine.link(changed);
            before.close();
        } finally {
            converging.unlock();
        }
    }

    /** Has the server, which runs, admit and use the passwords that the instance goes by. */
    void takePasswords() throws EngineException {
        converging.lock();
        try {
            link.takePasswords();
            forgetFormerSuperuser();
        } finally {
            converging.unlock();
        }
    }

    /** Its server has the superuser's password that it should have. */
    private void forgetFormerSuperuser() throws EngineException {
        if (site.formerSuperuser().isEmpty()) {
            return;
        }
        try {
            records.forgetFormerSuperuser(name());
        } catch (IOException e) {
            throw new EngineException(
                    "the former password of the superuser of "
                            + name()
                            + " could not be deleted: "
                            + e.getMessage(),
                    "see that the disk of the agent's state directory is writable",
                    e);
        }
        site = site.with(site.secrets(), List.of());
    }

    /** Has a server that runs, and may go on, finish what interrupted DDL left on it. */
    void finishDdl() throws EngineException {
        if (alive() && !beingStopped) {
            link.finishDdl();
        }
    }

    /** Whether its server lived when it was last asked, but did not let the agent in. */
    boolean seenShut() {
        return SHUT.contains(seen.state());
    }

    /** Whether it answered when it was last asked, after its last start. */
    boolean seenUp() {
        return seen.state() == State.UP;
    }

    /** The instance as it is now; asks the server, for at most about two seconds. */
    InstanceReport report() {
        InstanceRecord now = record;
        boolean alive = alive();
        Health health =
                alive && !beingStopped
                        ? link.check()
                        : Health.silent(alive ? "is being stopped" : "");
        if (!alive) {
            return report(now, stateOfDead(now), health, whyDead(now));
        }
        if (!health.answers()) {
            return report(now, stateOfSilent(now, health), health, health.why());
        }
        return report(
                now,
                State.UP,
                health,
                now.shouldRun() ? "" : "runs, though it was stopped on purpose");
    }

    /** As {@link #report()}, when asking took too long. */
    InstanceReport silent(String why) {
        InstanceRecord now = record;
        Health health = Health.silent(why);
        return report(now, stateOfSilent(now, health), health, why);
    }

    private InstanceReport report(InstanceRecord now, State state, Health health, String why) {
        Seen last = seen;
        if (last.state() != state) {
            last = new Seen(state, clock.instant());
            seen = last;
        }
        return new InstanceReport(
                now.name(),
                state,
                health.role(),
                health.timeline(),
                now.process().filter(processes::alive).map(ProcessIdentity::pid),
                last.since(),
                why,
                health.notes());
    }

    private State stateOfSilent(InstanceRecord now, Health health) {
        if (beingStopped || !now.shouldRun()) {
            return State.STOPPING;
        }
        switch (health.reaction()) {
            case NOT_NOW:
                return State.STARTING;
            case REFUSES:
                return State.REFUSING;
            default:
                return NOT_UP_YET.contains(seen.state()) ? State.STARTING : State.SILENT;
        }
    }

    private static State stateOfDead(InstanceRecord now) {
        if (now.shouldRun()) {
            return State.DOWN;
        }
        return now.desired() == InstanceRecord.Desired.PREPARED ? State.PREPARED : State.STOPPED;
    }

    private static String whyDead(InstanceRecord now) {
        switch (now.phase()) {
            case PREPARING:
                return "its data directory was not finished";
            case REMOVING:
                return "its data directory is being removed";
            case READY:
                return now.shouldRun() ? "its server does not run" : "";
        }
        throw new AssertionError(now.phase());
    }

    private EngineException cannotEnd(Set<Long> left) {
        return new EngineException(
                "processes " + sorted(left) + " of " + name() + " do not end",
                "see what they wait for on the host",
                null);
    }

    private static List<Long> sorted(Set<Long> pids) {
        return pids.stream().sorted().toList();
    }

    ServerCommand command() {
        return engine.command(site);
    }

    String lastWords() {
        return engine.lastWords(site);
    }
}
