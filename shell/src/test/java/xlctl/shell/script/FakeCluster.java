package xlctl.shell.script;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import xlctl.command.Command;
import xlctl.controller.ClientLogin;
import xlctl.controller.CommandResult;
import xlctl.controller.ExitCode;
import xlctl.controller.HostKeyOffer;
import xlctl.controller.OperationResult;
import xlctl.controller.OperationView;
import xlctl.controller.PlannedCommand;
import xlctl.monitor.ClusterView;
import xlctl.monitor.DeepView;
import xlctl.monitor.HostLogs;
import xlctl.monitor.HostMatrix;
import xlctl.monitor.HostView;
import xlctl.monitor.StoreView;
import xlctl.monitor.StoredTable;
import xlctl.operation.Listener;
import xlctl.plan.Plan;
import xlctl.store.Backup;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** A cluster that does what it is told, but for the commands that name a node {@code bad}. */
public class FakeCluster implements ClusterControl {
    static final String AUTHORITY =
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    public static final String FINGERPRINT = "SHA256:" + "k".repeat(43);

    /** What it was asked to do, each group of commands as one entry. */
    public final List<String> asked = new ArrayList<>();

    /** When set, {@link #run} waits until it is cancelled, and tells here that it waits. */
    public Optional<CountDownLatch> waitForCancel = Optional.empty();

    /** Counted down when a host's key is asked for, which is never answered then. */
    public Optional<CountDownLatch> silentAgent = Optional.empty();

    public ClusterView view = Clusters.empty();

    /** Who reaches whom. */
    public HostMatrix matrix = new HostMatrix(List.of(), List.of());

    /** While this file is there, {@link #look} does not end. */
    public Optional<Path> hangingWhile = Optional.empty();

    /** What hosts have in their logs. */
    public List<HostLogs> logs = List.of();

    /** What fails through coordinators, by their names. */
    public final Map<String, String> troubles = new HashMap<>();

    /** What it was asked to put back. */
    public final List<Backup> restored = new ArrayList<>();

    /** Why nobody learns how clients log in. */
    public Optional<StoreException> loginFailure = Optional.empty();

    public boolean closed;
    public Optional<String> claimedFingerprint = Optional.empty();
    public Optional<HostRecord> registered = Optional.empty();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private long operations;

    @Override
    public ClusterView look() {
        hangingWhile.ifPresent(
                file -> Awaitility.await().forever().until(() -> Files.notExists(file)));
        return view;
    }

    @Override
    public StoreView store() {
        return new StoreView(Optional.of("127.0.1.1:2181"), Duration.ofSeconds(10));
    }

    @Override
    public List<DeepView> lookDeep(List<Instance> coordinators) {
        asked.add("deep " + coordinators.stream().map(Instance::name).toList());
        return coordinators.stream()
                .map(
                        instance ->
                                new DeepView(
                                        instance.name(),
                                        Optional.ofNullable(
                                                troubles.get(instance.name().node().value()))))
                .toList();
    }

    @Override
    public ClientLogin clientLogin() {
        loginFailure.ifPresent(
                failure -> {
                    throw failure;
                });
        return new ClientLogin(
                new ClusterName("c"),
                "app",
                new Secret("hidden"),
                certificateAuthority(),
                List.of(
                        new ClientLogin.Coordinator(
                                new NodeName("coord_m_1"), HostPort.parse("coord-m-1:5432")),
                        new ClientLogin.Coordinator(
                                new NodeName("coord_m_2"), HostPort.parse("coord-m-2:5433"))));
    }

    @Override
    public Optional<String> certificateAuthority() {
        return Optional.of(AUTHORITY);
    }

    @Override
    public List<StoredTable> storedTables(
            NodeName datanode, SqlName database, Optional<SqlName> owner) {
        asked.add("tables " + datanode + " " + database + owner.map(o -> " " + o).orElse(""));
        return List.of(new StoredTable("public", "m", "Hash", "id", 11, 33_400, 3_000_000));
    }

    @Override
    public List<HostView> hosts() {
        return view.hosts();
    }

    @Override
    public HostMatrix hostMatrix() {
        return matrix;
    }

    @Override
    public List<HostLogs> logs(int bytes) {
        return logs;
    }

    @Override
    public List<Secret> secrets() {
        return List.of(new Secret("hidden"));
    }

    @Override
    public List<PlannedCommand> plan(List<Command> commands) {
        asked.add("plan " + commands);
        return commands.stream().map(FakeCluster::planned).toList();
    }

    private static PlannedCommand planned(Command command) {
        return isBad(command)
                ? new PlannedCommand(
                        command,
                        Optional.empty(),
                        List.of(Problem.of("it is bad", "take a good one")),
                        ExitCode.REFUSED)
                : new PlannedCommand(
                        command,
                        Optional.of(new Plan(command.toString(), List.of(), OptionalInt.empty())),
                        List.of(),
                        ExitCode.DONE);
    }

    @Override
    public List<CommandResult> run(List<Command> commands, Listener listener) {
        asked.add(commands.toString());
        if (commands.toString().contains(" slow")) {
            return slowly(commands, listener, cancelled);
        }
        if (commands.toString().contains(" stubborn")) {
            return slowly(commands, listener, new CountDownLatch(1));
        }
        if (waitForCancel.isPresent()) {
            waitForCancel.get().countDown();
            await(cancelled);
            return commands.stream()
                    .map(
                            command ->
                                    result(
                                            command,
                                            ExitCode.NOT_AS_ASKED,
                                            Problem.of("it was interrupted, and undone", "")))
                    .toList();
        }
        List<CommandResult> results = new ArrayList<>();
        boolean failed = false;
        for (Command command : commands) {
            if (failed) {
                results.add(
                        result(
                                command,
                                ExitCode.REFUSED,
                                Problem.of("undone because one before it failed", "")));
            } else if (isBad(command)) {
                failed = true;
                results.add(
                        result(
                                command,
                                ExitCode.REFUSED,
                                Problem.of("it is bad", "take a good one")));
            } else {
                listener.progress(operations + 1, Optional.empty(), "working");
                results.add(result(command, ExitCode.DONE));
            }
        }
        return results;
    }

    /** A step that is done, and one that takes until it may end. */
    private List<CommandResult> slowly(
            List<Command> commands, Listener listener, CountDownLatch end) {
        long number = operations + 1;
        Optional<NodeName> node = Optional.of(new NodeName("slow"));
        listener.begun(number, 0, node, "prepare slow");
        listener.progress(number, node, "prepare slow");
        listener.done(number, 0);
        listener.begun(number, 1, node, "start slow");
        listener.progress(number, node, "start slow");
        await(end);
        listener.failed(number, 1);
        return commands.stream()
                .map(
                        command ->
                                result(
                                        command,
                                        ExitCode.NOT_AS_ASKED,
                                        Problem.of("it was interrupted, and undone", "")))
                .toList();
    }

    private CommandResult result(Command command, ExitCode exit, Problem... problems) {
        operations++;
        return new CommandResult(
                command, Optional.of(operations), exit, List.of(problems), List.of());
    }

    private static boolean isBad(Command command) {
        return command.toString().contains(" bad");
    }

    @Override
    public List<OperationHeader> operations() {
        return List.of();
    }

    @Override
    public Optional<OperationView> operation(long number) {
        return Optional.empty();
    }

    @Override
    public OperationResult resume(long number, Set<HostName> lost, Listener listener) {
        asked.add("resume " + number + (lost.isEmpty() ? "" : " without " + lost));
        return new OperationResult(number, ExitCode.DONE, List.of(), List.of("one host is away"));
    }

    @Override
    public OperationResult rollback(long number, Set<HostName> lost, Listener listener) {
        asked.add("rollback " + number + (lost.isEmpty() ? "" : " without " + lost));
        return new OperationResult(
                number,
                ExitCode.REFUSED,
                List.of(Problem.of("it is past its commit point", "operation resume " + number)),
                List.of());
    }

    @Override
    public Backup backup() {
        return Clusters.backup();
    }

    @Override
    public OperationResult restore(Backup backup, boolean older, Listener listener) {
        restored.add(backup);
        return new OperationResult(1001, ExitCode.DONE, List.of(), List.of("older: " + older));
    }

    @Override
    public HostKeyOffer offeredKey(HostName host, Optional<HostPort> agent) {
        if (silentAgent.isPresent()) {
            silentAgent.get().countDown();
            await(new CountDownLatch(1));
        }
        return new HostKeyOffer(
                host,
                agent.orElse(HostPort.parse(host + ":7422")),
                "ssh-ed25519 AAAA",
                FINGERPRINT,
                claimedFingerprint,
                Optional.empty(),
                registered);
    }

    @Override
    public HostRecord acceptHost(HostKeyOffer offer) {
        asked.add("accept " + offer.host());
        return new HostRecord(offer.host(), offer.agent(), offer.hostKey(), Clusters.NOON);
    }

    @Override
    public void cancel() {
        asked.add("cancel");
        cancelled.countDown();
    }

    @Override
    public void close() {
        closed = true;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
