package xlctl.agent.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Starts, finds and ends the processes of servers. A process belongs to a server when it works in
 * its data directory, runs its program and is of the agent's own user. Thread-safe, holds nothing:
 * what it says is read from the kernel each time.
 */
public final class ServerProcesses {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final ProcessTable table = new ProcessTable();
    private final Signaller signaller;

    /** Sends a signal that Java itself cannot send. */
    @FunctionalInterface
    public interface Signaller {
        void send(Signal signal, long pid) throws IOException, InterruptedException;
    }

    public ServerProcesses(Signaller signaller) {
        this.signaller = requireNonNull(signaller, "signaller is null");
    }

    /** Starts a server in a session of its own: it outlives this process and its terminal. */
    public ProcessIdentity start(ServerCommand command) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("/usr/bin/setsid");
        arguments.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(arguments);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(command.environment());
        Process process =
                builder.directory(command.dataDirectory().toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(command.output().toFile()))
                        .start();
        return table.identity(process.pid())
                .orElseThrow(
                        () -> new IOException(command.program() + " ended as soon as it started"));
    }

    /**
     * Whether a process was one of an earlier boot of the machine or an earlier life of the
     * container: any process may have its number now.
     */
    public boolean ofAnotherLife(ProcessIdentity process) {
        return table.ofAnotherLife(process);
    }

    public boolean alive(ProcessIdentity process) {
        return table.alive(process);
    }

    /**
     * The running server's first process.
     *
     * @param recorded what was remembered when it was started
     * @param claimed the number that the server itself left in its data directory, for a server
     *     whose start was not remembered
     */
    public Optional<ProcessIdentity> find(
            ServerCommand command, Optional<ProcessIdentity> recorded, Optional<Long> claimed) {
        Optional<ProcessIdentity> remembered = recorded.filter(table::alive);
        if (remembered.isPresent()) {
            return remembered;
        }
        return claimed.flatMap(
                pid ->
                        members(command).stream()
                                .filter(entry -> entry.pid() == pid)
                                .map(ProcessTable.Entry::identity)
                                .findFirst());
    }

    /** The numbers of all processes of the server, its first among them. */
    public Set<Long> pids(ServerCommand command) {
        return members(command).stream()
                .map(ProcessTable.Entry::pid)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All processes of the server as they are now. */
    public List<ServerProcess> views(ServerCommand command) {
        return members(command).stream()
                .map(ProcessTable.Entry::pid)
                .map(table::view)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Ends one process of the server at once; no error when it has ended. */
    public void killOne(ServerCommand command, long pid) {
        if (pids(command).contains(pid)) {
            destroy(pid);
        }
    }

    /**
     * Asks the server's first process to stop and waits until none of its processes is left.
     *
     * @return the processes that are left when the time is over; empty when all ended
     */
    public Set<Long> stop(
            ServerCommand command, ProcessIdentity first, Signal signal, Duration timeout)
            throws IOException, InterruptedException {
        if (table.alive(first)) {
            signaller.send(signal, first.pid());
        }
        return awaitEnd(command, first, timeout);
    }

    /**
     * Ends every process of the server at once, also those that its first one left behind.
     *
     * @return the processes that are left when the time is over; empty when all ended
     */
    public Set<Long> kill(ServerCommand command, Optional<ProcessIdentity> first, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Set<ProcessIdentity> seen = new HashSet<>();
        first.ifPresent(seen::add);
        Set<Long> left = stillThere(command, seen);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            left.forEach(ServerProcesses::destroy);
            pause();
            left = stillThere(command, seen);
        }
        return left;
    }

    /**
     * A process that is ending leaves its directory before it gives its ports back: one that was
     * seen there is awaited to its end.
     */
    private Set<Long> stillThere(ServerCommand command, Set<ProcessIdentity> seen) {
        members(command).forEach(entry -> seen.add(entry.identity()));
        return seen.stream()
                .filter(table::alive)
                .map(ProcessIdentity::pid)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Set<Long> awaitEnd(ServerCommand command, ProcessIdentity first, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (table.alive(first)) {
            if (System.nanoTime() >= deadline) {
                return pids(command);
            }
            pause();
        }
        Set<Long> left = pids(command);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            pause();
            left = pids(command);
        }
        return left;
    }

    private List<ProcessTable.Entry> members(ServerCommand command) {
        Path program = command.program().getFileName();
        return table.workingIn(command.dataDirectory()).stream()
                .filter(entry -> Path.of(entry.program()).getFileName().equals(program))
                .collect(Collectors.toUnmodifiableList());
    }

    private static void destroy(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(LOOK_AGAIN.toMillis());
    }
}
