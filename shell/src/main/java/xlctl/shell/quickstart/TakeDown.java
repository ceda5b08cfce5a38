package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import xlctl.controller.ExitCode;
import xlctl.text.FileTrouble;

/** Ends and removes what a quickstart made, whatever state it is in. */
final class TakeDown {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<String> GTMS = Set.of("gtm", "gtm_proxy");

    private final Layout layout;
    private final PrintWriter out;

    TakeDown(Layout layout, PrintWriter out) {
        this.layout = layout;
        this.out = out;
    }

    void run(List<Daemon> agents, Daemon zooKeeper) {
        say("Stopping agents");
        agents.parallelStream().forEach(agent -> agent.stop(PATIENCE));
        say("Stopping " + servers().size() + " server processes");
        end(process -> !isGtm(process));
        end(process -> true);
        say("Stopping ZooKeeper");
        zooKeeper.stop(PATIENCE);
        say("Removing " + layout.machinery() + " and this home's settings and keys");
        try {
            removeTree(layout.machinery());
            for (Path file : layout.homeFiles()) {
                Files.deleteIfExists(file);
            }
            removeIfEmpty(layout.directory());
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED,
                    "removing what the quickstart made failed: " + FileTrouble.named(e),
                    e);
        }
    }

    /**
     * A database server's processes work in its data directory: that tells whose they are, agents
     * or not. Other programs may stand there, too: they are the operator's.
     */
    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> isGtm(process) || program(process).equals("postgres"))
                .filter(
                        process ->
                                workingDirectory(process)
                                        .map(directory -> directory.startsWith(layout.agents()))
                                        .orElse(false))
                .toList();
    }

    private static Optional<Path> workingDirectory(ProcessHandle process) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Others need it to end their work. */
    private static boolean isGtm(ProcessHandle process) {
        return GTMS.contains(program(process));
    }

    /** By the kernel's account, which holds also when an upgrade has replaced its file. */
    private static String program(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** First their parents alone, with PostgreSQL's fast shutdown; then whatever is left. */
    private void end(Predicate<ProcessHandle> which) {
        List<ProcessHandle> servers = servers().stream().filter(which).toList();
        List<Long> all = servers.stream().map(ProcessHandle::pid).toList();
        List<String> parents =
                servers.stream()
                        .filter(
                                process ->
                                        process.parent()
                                                .map(parent -> !all.contains(parent.pid()))
                                                .orElse(true))
                        .map(process -> Long.toString(process.pid()))
                        .toList();
        if (parents.isEmpty()) {
            return;
        }
        List<String> signal = new ArrayList<>(List.of("kill", "-INT"));
        signal.addAll(parents);
        ExternalProgram.run(signal);
        if (!Daemon.await(() -> servers().stream().noneMatch(which), PATIENCE)) {
            servers().stream().filter(which).forEach(ProcessHandle::destroyForcibly);
            Daemon.await(() -> servers().stream().noneMatch(which), PATIENCE);
        }
    }

    private static void removeTree(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(directory);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
