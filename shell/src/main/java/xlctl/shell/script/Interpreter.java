package xlctl.shell.script;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import xlctl.command.Command;
import xlctl.controller.CommandResult;
import xlctl.controller.ExitCode;
import xlctl.controller.HostKeyOffer;
import xlctl.controller.OperationResult;
import xlctl.controller.PlannedCommand;
import xlctl.shell.access.Psql;
import xlctl.shell.answer.PlansAnswer;
import xlctl.shell.language.Statement;
import xlctl.shell.language.Statement.Change;
import xlctl.shell.render.ResultText;
import xlctl.shell.settings.Settings;
import xlctl.swarm.Docker;
import xlctl.swarm.DockerCli;
import xlctl.text.Quoted;
import xlctl.topology.Secret;

/**
 * Does statements. The cluster is connected when the first statement needs it. Used by one thread,
 * but for {@link #cancel()}, {@link #endClient()} and {@link #cluster()}.
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
    private final Psql psql = new Psql();
    private final AtomicBoolean changing = new AtomicBoolean();
    private final Attended attended = new Attended();
    private volatile RunningSteps steps;
    private Optional<Item> quit = Optional.empty();
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
        this.steps = new RunningSteps(console, System::nanoTime);
        this.reading = new Reading(settings, Attended.heeding(console), this::cluster, docker);
        this.swarm = new SwarmWork(settings, console, docker, () -> cancelled);
    }

    /**
     * Does statements in their order, consecutive adds at the same time.
     *
     * @return the exit code of the first that failed
     */
    public ExitCode run(List<Item> items) {
        quit = Optional.empty();
        ExitCode exit = ExitCode.DONE;
        int at = 0;
        while (at < items.size()) {
            List<Item> group = group(items.subList(at, items.size()));
            if (group.get(0).statement() instanceof Statement.Quit) {
                quit = Optional.of(group.get(0));
                return exit;
            }
            ExitCode now = guarded(group);
            exit = exit == ExitCode.DONE ? now : exit;
            at += group.size();
            if (cancelled || now != ExitCode.DONE && mode == Mode.STOP_AT_FAILURE) {
                int left = items.size() - at;
                reportNotRun(items, at);
                return cancelled && left > 0 && exit == ExitCode.DONE
                        ? ExitCode.NOT_AS_ASKED
                        : exit;
            }
        }
        return exit;
    }

    /**
     * As {@link #run}, for a person.
     *
     * @return the statement that ended the session
     */
    public Optional<Item> runUntilQuit(List<Item> items) {
        run(items);
        return quit;
    }

    /**
     * Ends a watch; or a change that is under way, undone or to be resumed: it then says so where
     * it was started. Who has the terminal meanwhile ends, or does not, by itself. May be called
     * from any thread.
     *
     * @return whether there was one of them
     */
    public boolean cancel() {
        if (handedOver) {
            return true;
        }
        if (reading.endWatch()) {
            cancelled = true;
            return true;
        }
        if (!changing.get()) {
            return false;
        }
        if (cancelled) {
            console.report(steps.stillEnding());
            return true;
        }
        cancelled = true;
        console.report("Interrupted: ending what is under way; what is not committed is undone.");
        cluster.ifPresent(ClusterControl::cancel);
        return true;
    }

    /**
     * As {@link #cancel()}; and a person need no longer wait for what only reads: it is left alone
     * at once.
     */
    public boolean interrupt() {
        boolean looking = reading.isLooking();
        boolean ended = cancel();
        return ended && !looking || attended.abandon() || ended;
    }

    /**
     * Ends a client who has the terminal: nobody is there for it any longer. To be called before
     * {@link #cancel()}, so that none is begun after it. May be called from any thread.
     */
    public void endClient() {
        if (handedOver) {
            cancelled = true;
        }
        psql.end();
    }

    /** Leaves what does not end, to be resumed, and gives the cluster's lock back. */
    public void leave() {
        console.report("Not waiting any longer.");
        console.report(steps.stillEnding());
        close();
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
        } catch (Attended.AbandonedException e) {
            cancelled = true;
            console.report("Interrupted: nothing was changed.");
            return ExitCode.NOT_AS_ASKED;
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e, group.get(0).where());
            console.report(failure.lines());
            Debug.trace(e, console::report);
            return failure.exit();
        }
    }

    private ExitCode plan(List<Item> group) {
        List<PlannedCommand> planned = attended.run(() -> cluster().plan(commands(group)));
        reading.print(PlansAnswer.of(planned));
        return planned.stream()
                .map(PlannedCommand::exit)
                .filter(exit -> exit != ExitCode.DONE)
                .findFirst()
                .orElse(ExitCode.DONE);
    }

    private ExitCode change(List<Item> group) {
        List<CommandResult> results = interruptibly(control -> control.run(commands(group), steps));
        ExitCode exit = ExitCode.DONE;
        for (int at = 0; at < results.size(); at++) {
            CommandResult result = results.get(at);
            List<String> lines = timed(result.operation(), ResultText.of(result));
            tell(result.exit(), group.get(at).where(), lines, result.notices());
            exit = exit == ExitCode.DONE ? result.exit() : exit;
            if (result.exit() == ExitCode.DONE
                    && result.command() instanceof Command.RotatePasswords) {
                clients().afterRotation();
            }
        }
        return exit;
    }

    private ExitCode single(Item item) {
        Statement statement = item.statement();
        if (statement instanceof Statement.ResumeOperation resume) {
            return operation(
                    item, control -> control.resume(resume.number(), resume.lost(), steps));
        } else if (statement instanceof Statement.RollbackOperation rollback) {
            return operation(
                    item, control -> control.rollback(rollback.number(), rollback.lost(), steps));
        } else if (statement instanceof Statement.AcceptHost accept) {
            return mode == Mode.DRY_RUN ? notDry(item, "host accept") : acceptHost(item, accept);
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
            return mode == Mode.DRY_RUN ? notDry(item, "psql") : psql(item, psql);
        } else if (statement instanceof Statement.WriteAccess access) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "access")
                    : clients()
                            .write(
                                    item,
                                    access.directory(),
                                    attended.run(() -> cluster().clientLogin()));
        } else if (statement instanceof Statement.WriteBackup backup) {
            return mode == Mode.DRY_RUN ? notDry(item, "backup") : backups().write(item, backup);
        } else if (statement instanceof Statement.WriteReport report) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "report")
                    : attended.run(() -> report(item, report));
        } else if (statement instanceof Statement.RestoreBackup restore) {
            return mode == Mode.DRY_RUN
                    ? notDry(item, "restore")
                    : changing(() -> backups().restore(item, restore, steps));
        }
        return attended.run(() -> reading.answer(item));
    }

    private ExitCode report(Item item, Statement.WriteReport statement) {
        return new Reports(console, settings, this::cluster, Clock.systemUTC())
                .write(item, statement.file());
    }

    private ExitCode acceptHost(Item item, Statement.AcceptHost statement) {
        HostKeyOffer offer =
                attended.run(() -> cluster().offeredKey(statement.host(), statement.agent()));
        return new HostAcceptance(console, cluster()).accept(item.where(), statement, offer);
    }

    private Backups backups() {
        return new Backups(console, attended.run(this::cluster), settings.requiredCluster());
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
                            + ": createuser: no password was given, and nothing is done; where nobody"
                            + " can be asked, give --password-file FILE");
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

    private ExitCode psql(Item item, Statement.Psql statement) {
        ClusterControl control = attended.run(this::cluster);
        return handedOver(() -> new ClientSession(console, control, psql).run(item, statement));
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
        List<String> lines = timed(Optional.of(result.number()), ResultText.of(result));
        tell(result.exit(), item.where(), lines, result.notices());
        if (result.exit() == ExitCode.DONE) {
            clients().afterOperation(result.number());
        }
        return result.exit();
    }

    private ExitCode notDry(Item item, String what) {
        console.report(
                item.where()
                        + ": --dry-run shows plans of add, remove, start, stop, kill, reconnect,"
                        + " createdb, createuser, rotate and host forget; it cannot do "
                        + what);
        return ExitCode.MALFORMED;
    }

    private ToldClients clients() {
        return new ToldClients(console, cluster(), settings.home().directory());
    }

    private <T> T interruptibly(Function<ClusterControl, T> work) {
        ClusterControl control = attended.run(this::cluster);
        RunningSteps fresh = new RunningSteps(console, System::nanoTime);
        steps = fresh;
        return changing(() -> console.showing(fresh::lines, () -> work.apply(control)));
    }

    /** On a terminal the result says how long it took; what programs read is the same each time. */
    private List<String> timed(Optional<Long> operation, List<String> result) {
        Optional<String> took =
                console.isTerminal() ? operation.flatMap(steps::took) : Optional.empty();
        List<String> lines = new ArrayList<>(result);
        took.ifPresent(time -> lines.set(0, lines.get(0) + ", " + time));
        return lines;
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
        notices.forEach(notice -> console.report("Notice: " + Quoted.line(notice)));
    }

    /** A script's lines are named; what a person typed as one line has but one place. */
    private void reportNotRun(List<Item> items, int first) {
        int left = items.size() - first;
        if (left > 0) {
            String which =
                    left == 1
                            ? items.get(first).where()
                            : items.get(first).where()
                                    + " to "
                                    + items.get(items.size() - 1).where();
            console.report(
                    items.get(first - 1).where()
                            + ": stopped here; "
                            + left
                            + (left == 1 ? " statement after it was" : " statements after it were")
                            + " not run: "
                            + which);
        }
    }

    private static List<Command> commands(List<Item> group) {
        return group.stream().map(item -> ((Change) item.statement()).command()).toList();
    }
}
