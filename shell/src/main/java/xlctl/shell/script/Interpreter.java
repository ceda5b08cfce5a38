package xlctl.shell.script;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import xlctl.command.Command;
import xlctl.controller.CommandResult;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationResult;
import xlctl.controller.PlannedCommand;
import xlctl.controller.ProgressListener;
import xlctl.shell.access.ClientFiles;
import xlctl.shell.language.Statement;
import xlctl.shell.language.Statement.Change;
import xlctl.shell.render.PlanText;
import xlctl.shell.render.ResultText;
import xlctl.shell.settings.Settings;
import xlctl.swarm.Docker;
import xlctl.swarm.DockerCli;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

/**
 * Does statements. The cluster is connected when the first statement needs it. Used by one thread,
 * but for {@link #cancel()} and {@link #cluster()}.
 */
public final class Interpreter implements AutoCloseable {
    /** How it goes about its work. */
    public enum Mode {
        /** Does what the statements say and ends with the first failure. */
        STOP_AT_FAILURE,
        /** As {@link #STOP_AT_FAILURE}, but goes on after failures: every add is for itself. */
        KEEP_GOING,
        /** Shows plans instead of carrying them out. */
        DRY_RUN
    }

    private final Settings settings;
    private final Console console;
    private final Mode mode;
    private final Supplier<ClusterControl> connect;
    private final Reading reading;
    private final SwarmWork swarm;
    private final AtomicBoolean changing = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile boolean handedOver;
    private volatile Optional<ClusterControl> cluster = Optional.empty();

    /** With the Docker engine that {@code docker} reaches here. */
    public Interpreter(
            Settings settings, Console console, Mode mode, Supplier<ClusterControl> connect) {
        this(settings, console, mode, connect, DockerCli.ofThisMachine());
    }

    public Interpreter(
            Settings settings,
            Console console,
            Mode mode,
            Supplier<ClusterControl> connect,
            Docker docker) {
        this.settings = requireNonNull(settings, "settings is null");
        this.console = requireNonNull(console, "console is null");
        this.mode = requireNonNull(mode, "mode is null");
        this.connect = requireNonNull(connect, "connect is null");
        this.reading = new Reading(settings, console, this::cluster, docker);
        this.swarm = new SwarmWork(settings, console, docker, () -> cancelled);
    }

    /**
     * Does statements in their order, consecutive adds at the same time.
     *
     * @return the exit code of the first that failed
     */
    public ExitCode run(List<Item> items) {
        ExitCode exit = ExitCode.DONE;
        int at = 0;
        while (at < items.size()) {
            List<Item> group = group(items.subList(at, items.size()));
            if (group.get(0).statement() instanceof Statement.Quit) {
                return exit;
            }
            ExitCode now = guarded(group);
            exit = exit == ExitCode.DONE ? now : exit;
            at += group.size();
            if (cancelled || now != ExitCode.DONE && mode == Mode.STOP_AT_FAILURE) {
                int left = items.size() - at;
                reportNotRun(left, items.get(at - 1).where());
                return cancelled && left > 0 && exit == ExitCode.DONE
                        ? ExitCode.NOT_AS_ASKED
                        : exit;
            }
        }
        return exit;
    }

    /**
     * Ends a change that is under way, undone or to be resumed; it then says so where it was
     * started. Who has the terminal meanwhile ends, or does not, by itself. May be called from any
     * thread.
     *
     * @return whether there was one of them
     */
    public boolean cancel() {
        if (handedOver) {
            return true;
        }
        if (!changing.get()) {
            return false;
        }
        cancelled = true;
        console.report("Interrupted: ending what is under way; what is not committed is undone.");
        cluster.ifPresent(ClusterControl::cancel);
        return true;
    }

    /** The cluster, connected if it was not. */
    public synchronized ClusterControl cluster() {
        if (cluster.isEmpty()) {
            cluster = Optional.of(connect.get());
        }
        return cluster.get();
    }

    @Override
    public synchronized void close() {
        cluster.ifPresent(ClusterControl::close);
        cluster = Optional.empty();
    }

    /** The first statement, with those after it that are done together with it. */
    private List<Item> group(List<Item> items) {
        int size = 0;
        while (size < items.size() && joins(items.get(size).statement())) {
            size++;
        }
        return items.subList(0, Math.max(size, 1));
    }

    private boolean joins(Statement statement) {
        return switch (mode) {
            case STOP_AT_FAILURE -> statement instanceof Change change && change.isAdd();
            case KEEP_GOING -> false;
            case DRY_RUN -> statement instanceof Change;
        };
    }

    private ExitCode guarded(List<Item> group) {
        cancelled = false;
        try {
            if (group.get(0).statement() instanceof Change) {
                return mode == Mode.DRY_RUN ? plan(group) : change(group);
            }
            return single(group.get(0));
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e, group.get(0).where());
            console.report(failure.lines());
            Debug.trace(e, console::report);
            return failure.exit();
        }
    }

    private ExitCode plan(List<Item> group) {
        ExitCode exit = ExitCode.DONE;
        for (PlannedCommand planned : cluster().plan(commands(group))) {
            console.print(PlanText.of(planned));
            exit = exit == ExitCode.DONE ? planned.exit() : exit;
        }
        return exit;
    }

    private ExitCode change(List<Item> group) {
        List<CommandResult> results =
                interruptibly(control -> control.run(commands(group), progress()));
        ExitCode exit = ExitCode.DONE;
        for (int at = 0; at < results.size(); at++) {
            CommandResult result = results.get(at);
            tell(result.exit(), group.get(at).where(), ResultText.of(result), result.notices());
            exit = exit == ExitCode.DONE ? result.exit() : exit;
        }
        return exit;
    }

    private ExitCode single(Item item) {
        Statement statement = item.statement();
        if (statement instanceof Statement.ResumeOperation resume) {
            return operation(item, control -> control.resume(resume.number(), progress()));
        } else if (statement instanceof Statement.RollbackOperation rollback) {
            return operation(item, control -> control.rollback(rollback.number(), progress()));
        } else if (statement instanceof Statement.AcceptHost accept) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "host accept")
                    : new HostAcceptance(console, cluster()).accept(item.where(), accept);
        } else if (statement instanceof Statement.SwarmInit init) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "swarm init")
                    : changing(() -> swarm.init(init));
        } else if (statement instanceof Statement.SwarmDown down) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "swarm down; without --yes it lists what it would remove")
                    : changing(() -> swarm.down(item, down));
        } else if (statement instanceof Statement.CreateUser create) {
            return createUser(item, create);
        } else if (statement instanceof Statement.Psql psql) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "psql")
                    : handedOver(() -> new ClientSession(console, cluster()).run(item, psql));
        } else if (statement instanceof Statement.WriteAccess access) {
            return mode == Mode.DRY_RUN ? notDry(item, "access") : access(access);
        } else if (statement instanceof Statement.WriteBackup backup) {
            return mode == Mode.DRY_RUN ? notDry(item, "backup") : backups().write(item, backup);
        } else if (statement instanceof Statement.RestoreBackup restore) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "restore")
                    : changing(() -> backups().restore(item, restore, progress()));
        }
        return reading.answer(item);
    }

    private Backups backups() {
        return new Backups(console, cluster(), settings.requiredCluster());
    }

    /** Asked twice, as what is typed is not seen. */
    private ExitCode createUser(Item item, Statement.CreateUser create) {
        if (mode == Mode.DRY_RUN) {
            return plan(List.of(new Item(item.where(), create.with(new Secret("not asked for")))));
        }
        Optional<String> typed = console.secret("Password for " + create.name() + ": ");
        if (typed.isEmpty()) {
            console.report(
                    item.where()
                            + ": createuser: nobody can be asked for the password here: give"
                            + " --password-file FILE");
            return ExitCode.MALFORMED;
        }
        Secret password = Command.CreateUser.password(typed.get());
        if (!console.secret("Again: ").equals(typed)) {
            console.report(
                    item.where() + ": createuser: these were two passwords; nothing is done");
            return ExitCode.MALFORMED;
        }
        return change(List.of(new Item(item.where(), create.with(password))));
    }

    /** Meanwhile Ctrl-C is for who has the terminal. */
    private ExitCode handedOver(Supplier<ExitCode> work) {
        handedOver = true;
        try {
            return work.get();
        } finally {
            handedOver = false;
        }
    }

    private ExitCode operation(Item item, Function<ClusterControl, OperationResult> work) {
        if (mode == Mode.DRY_RUN) {
            return notDry(item, "operation resume or rollback");
        }
        OperationResult result = interruptibly(work);
        tell(result.exit(), item.where(), ResultText.of(result), result.notices());
        return result.exit();
    }

    private ExitCode notDry(Item item, String what) {
        console.report(
                item.where()
                        + ": --dry-run shows plans of add, remove, start, stop, kill, reconnect, createdb and createuser; it cannot do "
                        + what);
        return ExitCode.MALFORMED;
    }

    private ExitCode access(Statement.WriteAccess statement) {
        ClientFiles files = new ClientFiles(statement.directory(), cluster().clientLogin());
        files.write();
        console.print(files.explained());
        return ExitCode.DONE;
    }

    private <T> T interruptibly(Function<ClusterControl, T> work) {
        ClusterControl control = cluster();
        return changing(() -> work.apply(control));
    }

    private <T> T changing(Supplier<T> work) {
        changing.set(true);
        try {
            return work.get();
        } finally {
            changing.set(false);
        }
    }

    private void tell(ExitCode exit, String where, List<String> lines, List<String> notices) {
        if (exit == ExitCode.DONE) {
            console.print(lines);
        } else {
            List<String> placed = new ArrayList<>(lines);
            placed.set(0, where + ": " + lines.get(0));
            console.report(placed);
        }
        notices.forEach(notice -> console.report("Notice: " + notice));
    }

    private ProgressListener progress() {
        return new ProgressListener() {
            @Override
            public void progress(long operation, Optional<NodeName> node, String text) {
                String of = node.map(name -> name + ": ").orElse("");
                console.report("[" + operation + "] " + of + text);
            }

            @Override
            public void waiting(String text) {
                console.report("Waiting: " + text + ". Ctrl-C ends this.");
            }
        };
    }

    private void reportNotRun(int left, String where) {
        if (left > 0) {
            console.report(
                    where
                            + ": stopped here; "
                            + left
                            + (left == 1 ? " statement after it was" : " statements after it were")
                            + " not run");
        }
    }

    private static List<Command> commands(List<Item> group) {
        return group.stream().map(item -> ((Change) item.statement()).command()).toList();
    }
}
