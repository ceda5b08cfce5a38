package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.topology.EngineKind;
import xlctl.topology.Problem;

/**
 * PostgreSQL's programs on this host: those in {@code bin} of the home that was set, else of the
 * newest version installed as Debian does, else those that {@code pg_config} names. A data
 * directory that was made stays with its major version. Looked up each time: they may be installed
 * or upgraded while the agent runs.
 */
final class Programs {
    static final int OLDEST = 14;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final List<String> NEEDED =
            List.of("postgres", "initdb", "pg_ctl", "pg_dump", "pg_isready", "psql");
    private static final List<String> EXTENSIONS = List.of("postgres_fdw", "dblink");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");
    private static final String INSTALL =
            "install the packages postgresql and postgresql-contrib, or set engine-home";

    private final Optional<Path> home;
    private final Path installed;

    Programs(Optional<Path> home) {
        this(home, INSTALLED);
    }

    Programs(Optional<Path> home, Path installed) {
        this.home = home;
        this.installed = installed;
    }

    /** The path of a program, whether it is there or not. */
    Path path(String program) {
        return home().orElse(installed).resolve("bin").resolve(program);
    }

    /**
     * The path of a program for a data directory: of the major version that made it, since no other
     * can work on it, even when a newer one was installed since.
     */
    Path path(String program, Path dataDirectory) {
        if (home.isPresent()) {
            return path(program);
        }
        return madeWith(dataDirectory)
                .map(version -> installed.resolve(version).resolve("bin").resolve(program))
                .filter(Files::isExecutable)
                .orElseGet(() -> path(program));
    }

    private static Optional<String> madeWith(Path dataDirectory) {
        try {
            return Optional.of(Files.readString(dataDirectory.resolve("PG_VERSION")).strip())
                    .filter(version -> version.matches("\\d+"));
        } catch (IOException notMadeYet) {
            return Optional.empty();
        }
    }

    Reply.EngineReport report() {
        Optional<Path> found = home();
        if (found.isEmpty()) {
            return report("", Optional.empty(), List.of(missing("PostgreSQL was not found")));
        }
        Path bin = found.get().resolve("bin");
        List<Problem> problems = new ArrayList<>();
        NEEDED.stream()
                .filter(program -> !Files.isExecutable(bin.resolve(program)))
                .forEach(program -> problems.add(missing(bin.resolve(program) + " is missing")));
        if (!problems.isEmpty()) {
            return report(found.get().toString(), Optional.empty(), problems);
        }
        Optional<Matcher> version = version(bin);
        if (version.isEmpty()) {
            problems.add(missing(bin.resolve("postgres") + " does not tell its version"));
        } else if (Integer.parseInt(version.get().group(2)) < OLDEST) {
            problems.add(
                    missing(
                            found.get()
                                    + " is PostgreSQL "
                                    + version.get().group(1)
                                    + ", older than "
                                    + OLDEST));
        }
        for (String extension : EXTENSIONS) {
            if (!has(extension, found.get())) {
                problems.add(
                        missing("the extension " + extension + " is missing for " + found.get()));
            }
        }
        return report(found.get().toString(), version.map(match -> match.group(1)), problems);
    }

    private static Reply.EngineReport report(
            String home, Optional<String> version, List<Problem> problems) {
        return new Reply.EngineReport(EngineKind.POSTGRESQL, home, version, problems);
    }

    private static Problem missing(String what) {
        return Problem.of(what, INSTALL);
    }

    private Optional<Path> home() {
        return home.or(this::newestInstalled).or(Programs::configured);
    }

    private Optional<Path> newestInstalled() {
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(installed)) {
            return versions.filter(
                            version ->
                                    version.getFileName().toString().matches("\\d+")
                                            && Files.isExecutable(version.resolve("bin/postgres")))
                    .max(
                            Comparator.comparingInt(
                                    version -> Integer.parseInt(version.getFileName().toString())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> configured() {
        return output(List.of("/usr/bin/env", "pg_config", "--bindir"))
                .map(bin -> Path.of(bin).getParent());
    }

    private static Optional<Matcher> version(Path bin) {
        return output(List.of(bin.resolve("postgres").toString(), "--version"))
                .map(VERSION::matcher)
                .filter(Matcher::find);
    }

    private static boolean has(String extension, Path home) {
        List<Path> shares = new ArrayList<>();
        output(List.of(home.resolve("bin/pg_config").toString(), "--sharedir"))
                .map(Path::of)
                .ifPresent(shares::add);
        shares.add(Path.of("/usr/share/postgresql").resolve(home.getFileName()));
        shares.add(home.resolve("share"));
        shares.add(home.resolve("share/postgresql"));
        return shares.stream()
                .anyMatch(
                        share ->
                                Files.exists(share.resolve("extension/" + extension + ".control")));
    }

    /** What a short program prints; empty when it cannot be run or fails. */
    private static Optional<String> output(List<String> arguments) {
        try {
            ProgramRun run = ProgramRun.of(arguments, TIMEOUT);
            return run.succeeded() ? Optional.of(run.output().strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
