package xlctl.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.certificate.CertificateRequest;
import xlctl.certificate.HostCertificate;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.SqlName;

/** What an agent does, without servers: idempotent by key, and it refuses lower attempts. */
public final class FakeHost {
    /** Another operator's, let in beside the controllers' own. */
    public static final ControllerKey OTHERS =
            new ControllerKey("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther");

    private final HostName name;
    private final EngineKind engine;
    private final IntSupplier topologyVersion;
    private final Map<InstanceName, Set<Long>> ddlLocks = new HashMap<>();
    private final Map<InstanceName, State> instances = new TreeMap<>();
    private final Map<InstanceName, Long> preparedBy = new HashMap<>();
    private final Map<InstanceName, InstanceSpec> specs = new HashMap<>();
    private final Map<Long, Integer> attempts = new HashMap<>();
    private final Map<StepKey, Reply> results = new HashMap<>();
    private final Map<Class<? extends Request>, Reply.Failed> faults = new HashMap<>();
    private final Map<NodeName, List<String>> tables = new HashMap<>();
    private final Map<NodeName, Reply> deep = new HashMap<>();
    private final Map<HostPort, String> cutOff = new HashMap<>();
    private final FakeDatabases databases = new FakeDatabases();
    private final Set<SqlName> roles = new TreeSet<>();
    private final Map<InstanceName, InstanceSecrets> secrets = new TreeMap<>();
    private List<Problem> placeProblems = List.of();
    private List<Problem> engineProblems = List.of();
    private Optional<Role> reportedRole = Optional.of(Role.MASTER);
    private boolean storeConnected = true;
    private int applied = -1;
    private final Set<ControllerKey> keys = new HashSet<>();
    private List<Problem> leftovers = List.of();
    private Optional<CertificateRequest> asked = Optional.empty();
    private Optional<HostCertificate> certificate = Optional.empty();

    FakeHost(HostName name, EngineKind engine, IntSupplier topologyVersion) {
        this.name = name;
        this.engine = engine;
        this.topologyVersion = topologyVersion;
    }

    public HostName name() {
        return name;
    }

    /** Requests of this kind fail until {@link #heal}. */
    public synchronized FakeHost failing(Class<? extends Request> kind) {
        return failing(kind, Reply.Failed.failed(kind.getSimpleName() + " went wrong", "mend it"));
    }

    public synchronized FakeHost failing(Class<? extends Request> kind, Reply.Failed with) {
        faults.put(kind, with);
        return this;
    }

    public synchronized void heal() {
        faults.clear();
    }

    public synchronized FakeHost withTables(String node, List<String> names) {
        tables.put(new NodeName(node), names);
        return this;
    }

    /** What reading and writing through a node meets; nothing where it is not said. */
    public synchronized FakeHost finding(String node, Reply reply) {
        deep.put(new NodeName(node), reply);
        return this;
    }

    /** Whom it does not reach, and why; it reaches all others. */
    public synchronized FakeHost notReaching(String address, String why) {
        cutOff.put(HostPort.parse(address), why);
        return this;
    }

    public synchronized FakeHost withPlaceProblems(Problem... problems) {
        placeProblems = List.of(problems);
        return this;
    }

    public synchronized FakeHost withEngineProblems(Problem... problems) {
        engineProblems = List.of(problems);
        return this;
    }

    /** What users still use of nodes that are gone. */
    public synchronized FakeHost withLeftovers(Problem... problems) {
        leftovers = List.of(problems);
        return this;
    }

    public synchronized FakeHost reporting(Role role) {
        reportedRole = Optional.of(role);
        return this;
    }

    public synchronized FakeHost withoutStore() {
        storeConnected = false;
        return this;
    }

    public synchronized void runs(InstanceName instance) {
        instances.put(instance, State.UP);
    }

    public synchronized void stopped(InstanceName instance) {
        instances.put(instance, State.STOPPED);
    }

    public synchronized void hasApplied(int version) {
        applied = version;
    }

    public synchronized Map<InstanceName, State> instances() {
        return Map.copyOf(instances);
    }

    /** Of all its instances, with what is particular about each. */
    public synchronized List<String> databases() {
        return databases.list();
    }

    public synchronized FakeHost withDatabase(String node, String database) {
        databases.add(new InstanceName(new NodeName(node), 1), new SqlName(database));
        return this;
    }

    public synchronized Set<SqlName> roles() {
        return Set.copyOf(roles);
    }

    public synchronized Optional<InstanceSpec> spec(InstanceName instance) {
        return Optional.ofNullable(specs.get(instance));
    }

    /** Of each of its instances. */
    public synchronized Map<InstanceName, InstanceSecrets> secrets() {
        return Map.copyOf(secrets);
    }

    public synchronized Optional<HostCertificate> certificate() {
        return certificate;
    }

    public synchronized int applied() {
        return applied;
    }

    public synchronized void letInToo(ControllerKey key) {
        keys.add(key);
    }

    synchronized void letIn(ControllerKey key) {
        keys.add(key);
        keys.add(OTHERS);
    }

    /** Whoever comes, before anybody was to be let in. */
    synchronized boolean letsIn(Optional<ControllerKey> key) {
        return keys.isEmpty() || key.filter(keys::contains).isPresent();
    }

    public synchronized Set<ControllerKey> keys() {
        return Set.copyOf(keys);
    }

    synchronized Reply handle(Request request) {
        if (faults.containsKey(request.getClass())) {
            return faults.get(request.getClass());
        }
        if (request instanceof Request.Changing changing) {
            return fenced(changing);
        }
        if (request instanceof Request.ProbePlace probe) {
            return new Reply.PlaceReport(problemsOf(probe));
        }
        if (request instanceof Request.ListUserTables list) {
            List<String> names = tables.getOrDefault(list.instance().node(), List.of());
            return new Reply.UserTables(names, names.size());
        }
        if (request instanceof Request.CheckDeep check) {
            return deep.getOrDefault(
                    check.instance().node(),
                    new Reply.DeepReport(Optional.empty(), Optional.empty()));
        }
        if (request instanceof Request.Reach reach) {
            return new Reply.Reached(
                    reach.destinations().stream()
                            .map(Destination::address)
                            .map(
                                    address ->
                                            new Reply.Attempt(
                                                    address,
                                                    Duration.ofMillis(1),
                                                    Optional.ofNullable(cutOff.get(address))))
                            .toList());
        }
        if (request instanceof Request.AskForCertificate) {
            asked = asked.or(() -> Optional.of(CertificateRequest.forNames(List.of("127.0.0.1"))));
            return new Reply.CertificateWish(
                    asked.get().text(), certificate.map(HostCertificate::text));
        }
        if (request instanceof Request.AwaitConvergence) {
            applied = topologyVersion.getAsInt();
            return new Reply.Converged(applied, Optional.of(leftovers));
        }
        if (request instanceof Request.CheckDdlLock check) {
            return ddlLocks.getOrDefault(check.instance(), Set.of()).contains(check.operation())
                    ? new Reply.Done("held")
                    : Reply.Failed.failed("DDL was not kept out by " + check.instance(), "again");
        }
        return report();
    }

    private List<Problem> problemsOf(Request.ProbePlace probe) {
        List<Problem> problems = new ArrayList<>(placeProblems);
        if (instances.containsKey(probe.spec().instance().name())
                && preparedBy.containsKey(probe.spec().instance().name())) {
            problems.add(Problem.of(probe.spec().instance().name() + " is here", "name another"));
        }
        return problems;
    }

    /** The operations that keep DDL out by instances of this host. */
    public synchronized Set<Long> ddlLockHolders() {
        return ddlLocks.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** As when the agent or the server was restarted. */
    public synchronized void loseDdlLocks() {
        ddlLocks.clear();
    }

    private Reply fenced(Request.Changing request) {
        StepKey key = request.key();
        int highest = attempts.merge(key.operation(), key.attempt(), Math::max);
        if (key.attempt() < highest) {
            return new Reply.Failed(
                    Reply.Failed.Kind.SUPERSEDED,
                    List.of(Problem.of("attempt " + highest + " is known here", "")));
        }
        if (!results.containsKey(key)) {
            results.put(key, change(request));
        }
        return results.get(key);
    }

    private Reply change(Request.Changing request) {
        if (request instanceof Request.InstallCertificate install) {
            HostCertificate signed = HostCertificate.read(install.certificate());
            asked.ifPresent(own -> own.with(signed));
            certificate = Optional.of(signed);
            asked = Optional.empty();
            return new Reply.Done("installed");
        }
        if (request instanceof Request.AdmitKey admit) {
            keys.add(admit.publicKey());
            return new Reply.Done("admitted");
        }
        if (request instanceof Request.WithdrawKey withdraw) {
            keys.remove(withdraw.publicKey());
            return new Reply.Done("withdrawn");
        }
        return change((Request.AtInstance) request);
    }

    private Reply change(Request.AtInstance request) {
        InstanceName instance = request.instance();
        if (request instanceof Request.Prepare prepare) {
            if (instances.containsKey(instance)) {
                return new Reply.Done("was prepared");
            }
            instances.put(instance, State.PREPARED);
            preparedBy.put(instance, prepare.key().operation());
            specs.put(instance, prepare.spec());
            secrets.put(instance, prepare.secrets());
            return new Reply.Done("prepared");
        }
        if (request instanceof Request.Discard discard) {
            boolean undoes = discard.disposal() == Disposal.UNDO;
            if (undoes
                    && !preparedBy.getOrDefault(instance, -1L).equals(discard.key().operation())) {
                return new Reply.Done("another's");
            }
            instances.remove(instance);
            specs.remove(instance);
            secrets.remove(instance);
            databases.forget(instance);
            if (instances.isEmpty()) {
                certificate = Optional.empty();
            }
            return new Reply.Done("gone");
        }
        if (!instances.containsKey(instance)) {
            return Reply.Failed.refused(name + " does not know " + instance, "prepare it");
        }
        if (request instanceof Request.LockDdl lock) {
            if (instances.get(instance) != State.UP) {
                return Reply.Failed.failed(instance + " does not run", "start it");
            }
            ddlLocks.computeIfAbsent(instance, each -> new HashSet<>()).add(lock.key().operation());
            return new Reply.Done("locked");
        }
        if (request instanceof Request.UnlockDdl unlock) {
            ddlLocks.getOrDefault(instance, new HashSet<>()).remove(unlock.key().operation());
            return new Reply.Done("unlocked");
        }
        if (request instanceof Request.CopyDefinitions) {
            return instances.get(instance) == State.PREPARED
                    ? new Reply.Done("copied")
                    : Reply.Failed.refused(instance + " is not freshly prepared", "add it again");
        }
        if (request instanceof Request.Reconnect) {
            return new Reply.Done("connected anew");
        }
        if (request instanceof Request.TakeSecrets take) {
            secrets.put(instance, take.secrets());
            return new Reply.Done("taken");
        }
        if (request instanceof Request.CreateRole create) {
            roles.add(create.name());
            return new Reply.Done("made");
        }
        Optional<Reply> answer = databases.change(request);
        if (answer.isPresent()) {
            return answer.get();
        }
        instances.put(instance, request instanceof Request.Start ? State.UP : State.STOPPED);
        return new Reply.Done("");
    }

    private Reply.HostReport report() {
        return new Reply.HostReport(
                name,
                "test",
                new Reply.EngineReport(engine, "/usr", Optional.of("15.0"), engineProblems),
                List.of(new Reply.DataRoot("/data", 1L << 40)),
                instances.entrySet().stream()
                        .map(each -> report(each.getKey(), each.getValue()))
                        .collect(Collectors.toList()),
                storeConnected,
                applied,
                List.of());
    }

    private InstanceReport report(InstanceName instance, State state) {
        return new InstanceReport(
                instance,
                state,
                state == State.UP ? reportedRole : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                "",
                List.of());
    }
}
