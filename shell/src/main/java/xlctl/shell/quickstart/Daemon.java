package xlctl.shell.quickstart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import xlctl.controller.ExitCode;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.text.NewFile;

/**
 * A process that outlives the one who started it: in a session of its own, its output in a file.
 * Recognised again by its pid together with the time the kernel started it, so that another process
 * that got the pid is never taken for it; one that someone else started, by words of its command
 * line.
 */
final class Daemon {
    private record Mark(long pid, String started) {}

    private final String name;
    private final Path markFile;
    private final Path log;
    private final List<String> words;

    /**
     * @param words which its command line has in this order, and no other program's
     */
    Daemon(String name, Path processes, Path log, List<String> words) {
        this.name = name;
        this.markFile = processes.resolve(name + ".json");
        this.log = log;
        this.words = List.copyOf(words);
    }

    String name() {
        return name;
    }

    /** The last lines of its log, without stack traces, for an error message. */
    String lastWords() {
        try {
            List<String> lines =
                    Files.readString(log, ISO_8859_1)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                            .toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - 5), lines.size());
            return "see " + log + ", which ends with\n  " + String.join("\n  ", last);
        } catch (IOException e) {
            return "its log " + log + " cannot be read: " + e.getMessage();
        }
    }

    void start(UnprivilegedUser user, List<String> command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(user.asUser(words))
                        .directory(new File("/"))
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            NewFile.replacing(
                    markFile,
                    Json.write(new Mark(process.pid(), startTime(process.pid()).orElse(""))));
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED, name + " cannot be started: " + e.getMessage(), e);
        }
    }

    boolean running() {
        return pid().isPresent();
    }

    /** Asks it to end, and makes it end when it does not. */
    void stop(Duration patience) {
        pid().ifPresent(
                        pid ->
                                ProcessHandle.of(pid)
                                        .ifPresent(
                                                handle -> {
                                                    handle.destroy();
                                                    if (!await(() -> pid().isEmpty(), patience)) {
                                                        handle.destroyForcibly();
                                                        await(() -> pid().isEmpty(), patience);
                                                    }
                                                }));
        try {
            Files.deleteIfExists(markFile);
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED, markFile + " cannot be removed: " + e.getMessage(), e);
        }
    }

    static boolean await(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private Optional<Long> pid() {
        return started().or(this::startedByOthers);
    }

    private Optional<Long> startedByOthers() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Collections.indexOfSubList(commandLine(pid), words) >= 0)
                .findFirst();
    }

    private static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private Optional<Long> started() {
        if (!Files.exists(markFile)) {
            return Optional.empty();
        }
        try {
            Mark mark = Json.read(Files.readAllBytes(markFile), Mark.class, markFile.toString());
            return startTime(mark.pid()).filter(mark.started()::equals).map(started -> mark.pid());
        } catch (JsonException crashed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED, markFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The kernel's start time of a live process with the boot it counts from; empty for a dead or
     * unreaped one.
     */
    static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return fields[0].equals("Z") ? Optional.empty() : Optional.of(boot + "/" + fields[19]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
