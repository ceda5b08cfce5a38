package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.tls.HostCertificates;
import xlctl.certificate.HostCertificate;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Problem;
import xlctl.topology.Secret;

/** The instances of this host: read at the start, made, and forgotten. Thread-safe. */
final class Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final Duration KEEP_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration ERASE_TIMEOUT = Duration.ofSeconds(10);

    private final AgentConfig config;
    private final Engine engine;
    private final ServerProcesses processes;
    private final Clock clock;
    private final InstanceRecords records;
    private final DataDirectories directories;
    private final PlaceProbe probe;
    private final Path socketDirectory;
    private final HostCertificates certificates;
    private final Map<InstanceName, HostedInstance> known = new ConcurrentSkipListMap<>();

    /** Held from the look at a place until it is taken, so that nobody else takes it. */
    private final Object places = new Object();

    Instances(AgentConfig config, Engine engine, HostCertificates certificates, Clock clock) {
        this.config = config;
        this.engine = engine;
        this.certificates = certificates;
        this.clock = clock;
        this.processes = new ServerProcesses(engine::send);
        this.records = new InstanceRecords(config.stateDirectory());
        this.directories = new DataDirectories(config.dataRoots());
        this.probe = new PlaceProbe(config, engine, directories);
        this.socketDirectory = config.stateDirectory().resolve("run");
    }

    /**
     * Reads what was remembered and adopts the servers that run.
     *
     * @throws IOException also when there is an instance of another cluster: nothing is touched
     */
    void load() throws IOException {
        DurableFile.createDirectories(socketDirectory);
        certificates.load();
        List<InstanceRecord> remembered = records.readAll();
        requireOwn(remembered);
        for (InstanceRecord record : remembered) {
            HostedInstance instance =
                    hosted(
                            record,
                            records.secrets(record.name()),
                            records.formerSuperuser(record.name()));
            known.put(record.name(), instance);
            instance.findProcess();
        }
        forgetUnusedCertificate();
    }

    private void requireOwn(List<InstanceRecord> remembered) throws IOException {
        Optional<InstanceRecord> other =
                remembered.stream()
                        .filter(record -> !record.spec().cluster().equals(config.cluster()))
                        .findFirst();
        if (other.isPresent()) {
            throw new IOException(
                    "the state directory "
                            + config.stateDirectory()
                            + " is that of an agent of cluster "
                            + other.get().spec().cluster()
                            + ", which has "
                            + other.get().name()
                            + " in "
                            + other.get().dataDirectory()
                            + "; this agent is to serve "
                            + config.cluster()
                            + ": give it a state directory of its own, or correct cluster in its"
                            + " configuration");
        }
    }

    Optional<HostedInstance> find(InstanceName name) {
        return Optional.ofNullable(known.get(name));
    }

    List<HostedInstance> all() {
        return List.copyOf(known.values());
    }

    HostName host() {
        return config.host();
    }

    List<Path> roots() {
        return directories.roots();
    }

    List<Problem> probe(InstanceSpec spec) {
        synchronized (places) {
            return problems(spec);
        }
    }

    private List<Problem> problems(InstanceSpec spec) {
        List<Problem> problems = new ArrayList<>();
        List<InstanceRecord> others = new ArrayList<>();
        for (HostedInstance instance : known.values()) {
            if (instance.name().equals(spec.instance().name())) {
                problems.add(
                        Problem.of(
                                "the agent of "
                                        + config.host()
                                        + " has "
                                        + instance.name()
                                        + " already, in "
                                        + instance.record().dataDirectory(),
                                "remove it first; where it is no member any more: "
                                        + instance.removalByHand()));
            } else {
                others.add(instance.record());
            }
        }
        problems.addAll(probe.problems(spec, socketDirectory, others));
        return problems;
    }

    /** Makes an instance, unless it was made already; continues what an earlier try left. */
    Reply prepare(
            InstanceSpec spec, InstanceSecrets secrets, long operation, Consumer<String> progress)
            throws IOException, InterruptedException {
        InstanceName name = spec.instance().name();
        HostedInstance instance;
        synchronized (places) {
            Optional<HostedInstance> before = find(name);
            if (before.isPresent()) {
                removeUnfinished(before.get(), progress);
                if (isReady(before.get(), spec)) {
                    Optional<Problem> lost = before.get().lostData();
                    if (lost.isPresent()) {
                        return new Reply.Failed(Reply.Failed.Kind.REFUSED, List.of(lost.get()));
                    }
                    if (!before.get().record().wasNamed()) {
                        before.get().update(record -> record.preparedBy(operation));
                    }
                    return new Reply.Done(name + " had been prepared before");
                }
            }
            List<Problem> problems = problems(spec);
            if (!problems.isEmpty()) {
                return new Reply.Failed(Reply.Failed.Kind.REFUSED, problems);
            }
            instance = hosted(recordFor(spec, operation), secrets, List.of());
            records.write(instance.record(), secrets);
            known.put(name, instance);
        }
        return initialise(instance, progress);
    }

    private static boolean isReady(HostedInstance instance, InstanceSpec spec) {
        return instance.record().phase() == InstanceRecord.Phase.READY
                && instance.record().spec().equals(spec);
    }

    private void removeUnfinished(HostedInstance instance, Consumer<String> progress)
            throws IOException, InterruptedException {
        instance.changing().lockInterruptibly();
        try {
            if (instance.record().phase() == InstanceRecord.Phase.PREPARING) {
                progress.accept(
                        "removing what an interrupted try to prepare " + instance.name() + " left");
                erase(instance);
            }
        } finally {
            instance.changing().unlock();
        }
    }

    private Reply initialise(HostedInstance instance, Consumer<String> progress)
            throws IOException, InterruptedException {
        instance.changing().lockInterruptibly();
        try {
            return initialiseLocked(instance, progress);
        } finally {
            instance.changing().unlock();
        }
    }

    private Reply initialiseLocked(HostedInstance instance, Consumer<String> progress)
            throws IOException, InterruptedException {
        boolean done = false;
        try {
            Path data = instance.site().dataDirectory();
            DurableFile.createDirectories(data.getParent());
            for (Path wal : instance.site().walDirectory().stream().toList()) {
                DurableFile.createDirectories(wal.getParent());
            }
            engine.initialise(instance.site(), progress);
            InstanceMark.write(data, instance.record().spec(), config);
            instance.update(record -> record.in(InstanceRecord.Phase.READY));
            done = true;
            LOG.info("{}: prepared in {}", instance.name(), instance.record().dataDirectory());
            return new Reply.Done(instance.name() + " is prepared in " + data);
        } catch (EngineException e) {
            return new Reply.Failed(Reply.Failed.Kind.FAILED, e.problems());
        } finally {
            if (!done) {
                erase(instance);
            }
        }
    }

    /** Stops an instance and forgets it; what is not known here is gone already. */
    Reply discard(InstanceName name, Disposal disposal, long operation, Consumer<String> progress)
            throws IOException, InterruptedException, EngineException {
        Optional<HostedInstance> found = find(name);
        if (found.isEmpty()) {
            return new Reply.Done(name + " is not here");
        }
        HostedInstance instance = found.get();
        if (disposal == Disposal.UNDO && instance.record().preparedBy() != operation) {
            return new Reply.Done(
                    name
                            + " stays: operation "
                            + instance.record().preparedBy()
                            + " had prepared it, not "
                            + operation);
        }
        return discard(instance, disposal, progress);
    }

    private Reply discard(HostedInstance instance, Disposal disposal, Consumer<String> progress)
            throws IOException, InterruptedException, EngineException {
        InstanceName name = instance.name();
        instance.changing().lockInterruptibly();
        try {
            boolean erase =
                    disposal != Disposal.KEEP
                            || instance.record().phase() != InstanceRecord.Phase.READY;
            if (erase) {
                progress.accept("removing " + instance.record().dataDirectory());
                instance.update(record -> record.in(InstanceRecord.Phase.REMOVING));
                end(instance);
                erase(instance);
                return new Reply.Done(
                        name + " and " + instance.record().dataDirectory() + " are removed");
            }
            instance.update(InstanceRecord::stopped);
            instance.stop(StopMode.FAST, KEEP_TIMEOUT);
            forget(instance);
            return new Reply.Done(
                    name + " is forgotten; its data stay in " + instance.record().dataDirectory());
        } finally {
            instance.changing().unlock();
        }
    }

    /** Ends a removal that was interrupted; leaves one alone that somebody is at. */
    void finishRemoval(HostedInstance instance)
            throws IOException, InterruptedException, EngineException {
        if (!instance.changing().tryLock()) {
            return;
        }
        try {
            if (instance.isBeingRemoved() && known.containsValue(instance)) {
                discard(instance, Disposal.ERASE, line -> {});
            }
        } finally {
            instance.changing().unlock();
        }
    }

    /** Its data are about to go: how it ends does not matter. */
    private static void end(HostedInstance instance)
            throws IOException, InterruptedException, EngineException {
        try {
            instance.stop(StopMode.IMMEDIATE, ERASE_TIMEOUT);
        } catch (EngineException stillRuns) {
            LOG.warn("{}", stillRuns.getMessage());
            instance.kill();
        }
    }

    private void erase(HostedInstance instance) throws IOException {
        DataDirectories.remove(instance.site().dataDirectory());
        for (Path wal : instance.site().walDirectory().stream().toList()) {
            DataDirectories.remove(wal);
        }
        forget(instance);
    }

    private void forget(HostedInstance instance) throws IOException {
        instance.link().close();
        records.forget(instance.name());
        known.remove(instance.name(), instance);
        LOG.info("{}: forgotten", instance.name());
        forgetUnusedCertificate();
    }

    /** A host without a server has nothing to prove. */
    private void forgetUnusedCertificate() throws IOException {
        certificates.forgetUnless(() -> !known.isEmpty());
    }

    /** Has every server of the host present a certificate from now on. */
    Reply install(Request.InstallCertificate request) throws IOException, InterruptedException {
        if (known.isEmpty()) {
            return Reply.Failed.refused(
                    "host " + host() + " has no instance that needs a certificate",
                    "add one first");
        }
        HostCertificate installed;
        try {
            installed = certificates.install(request.certificate(), request.authority());
        } catch (InvalidValueException e) {
            return Reply.Failed.refused(
                    "host " + host() + " does not take the certificate: " + e.getMessage(),
                    "try again; if its clock is wrong, set it");
        }
        forgetUnusedCertificate();
        for (HostedInstance instance : known.values()) {
            instance.readFilesAgain();
        }
        return new Reply.Done("host " + host() + " has a certificate until " + installed.until());
    }

    private InstanceRecord recordFor(InstanceSpec spec, long operation) throws IOException {
        Path data = DataDirectories.real(directories.absolute(spec.instance().directory()));
        Optional<String> wal = Optional.empty();
        if (spec.instance().walDirectory().isPresent()) {
            Path directory = directories.absolute(spec.instance().walDirectory().get());
            wal = Optional.of(DataDirectories.real(directory).toString());
        }
        return InstanceRecord.preparing(spec, data.toString(), wal, operation);
    }

    private HostedInstance hosted(
            InstanceRecord record, InstanceSecrets secrets, List<Secret> formerSuperuser) {
        Site site =
                new Site(
                        record.spec(),
                        secrets,
                        config.serverListen(),
                        Path.of(record.dataDirectory()),
                        record.walDirectory().map(Path::of),
                        records.directory(record.name()),
                        socketDirectory,
                        certificates.files(),
                        formerSuperuser);
        return new HostedInstance(record, site, records, engine, processes, clock);
    }
}
