package xlctl.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's list of processes. A process that has ended and only waits to be reaped is not in
 * it, though a signal 0 would still reach it.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;

    /**
     * The kernel's boot, and the start of the first process: where numbers are a container's own,
     * they begin anew with it.
     */
    private final String boot;

    ProcessTable() {
        try {
            String machine = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            boot = machine + stat(1).map(first -> "/" + first[START_TIME]).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("reading the kernel's boot id", e);
        }
    }

    /**
     * A living process.
     *
     * @param program the file it runs, without the mark of one that was replaced since
     */
    record Entry(ProcessIdentity identity, long parent, String program) {
        long pid() {
            return identity.pid();
        }
    }

    /** Whether numbers of processes meant something else when this one had its own. */
    boolean ofAnotherLife(ProcessIdentity process) {
        return !process.boot().equals(boot);
    }

    boolean alive(ProcessIdentity process) {
        return stat(process.pid())
                .filter(stat -> identity(process.pid(), stat).equals(process))
                .isPresent();
    }

    Optional<ProcessIdentity> identity(long pid) {
        return stat(pid).map(stat -> identity(pid, stat));
    }

    /**
     * The processes whose working directory is this one. Those of other users are left out: their
     * directories cannot be read.
     */
    List<Entry> workingIn(Path directory) {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(
                        PROC, path -> path.getFileName().toString().matches("[0-9]+"))) {
            for (Path process : processes) {
                if (link(process.resolve("cwd")).filter(directory.toString()::equals).isPresent()) {
                    entry(Long.parseLong(process.getFileName().toString())).ifPresent(entries::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("listing the processes of this host", e);
        }
        return entries;
    }

    /** What the kernel tells of a living process. */
    Optional<ServerProcess> view(long pid) {
        Path process = PROC.resolve(Long.toString(pid));
        return stat(pid)
                .map(
                        stat ->
                                new ServerProcess(
                                        pid,
                                        text(process.resolve("cmdline")),
                                        stat[STATE].charAt(0),
                                        text(process.resolve("wchan"))));
    }

    /** Servers fill up with blanks what they say of themselves. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException goneOrNotTold) {
            return "";
        }
    }

    private Optional<Entry> entry(long pid) {
        Optional<String> program =
                link(PROC.resolve(Long.toString(pid)).resolve("exe"))
                        .map(path -> path.replaceFirst(" \\(deleted\\)$", ""));
        return stat(pid)
                .flatMap(
                        stat ->
                                program.map(
                                        path ->
                                                new Entry(
                                                        identity(pid, stat),
                                                        Long.parseLong(stat[PARENT]),
                                                        path)));
    }

    private ProcessIdentity identity(long pid, String[] stat) {
        return new ProcessIdentity(pid, Long.parseLong(stat[START_TIME]), boot);
    }

    /** The fields of a living process's {@code stat} from its state on. */
    private static Optional<String[]> stat(long pid) {
        String text;
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("stat"));
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        // The command's name stands in parentheses and may itself contain some.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        // When the first thread ends before the others, the process looks dead and goes on working.
        boolean threadsLeft = Integer.parseInt(fields[THREADS]) > 1;
        boolean dead = fields[STATE].equals("X") || fields[STATE].equals("Z") && !threadsLeft;
        return dead ? Optional.empty() : Optional.of(fields);
    }

    private static Optional<String> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path).toString());
        } catch (IOException goneOrOfAnotherUser) {
            return Optional.empty();
        }
    }
}
