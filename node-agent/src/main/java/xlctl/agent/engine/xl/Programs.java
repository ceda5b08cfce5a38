package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.topology.Problem;

/** The engine's programs: those in {@code bin} of the home that was set. Looked up each time. */
final class Programs {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> NEEDED =
            List.of(
                    "postgres",
                    "initdb",
                    "pg_ctl",
                    "pg_dumpall",
                    "pg_dump",
                    "pg_isready",
                    "psql",
                    "gtm",
                    "gtm_proxy");
    private static final Path NOWHERE = Path.of("/nonexistent");

    private final Flavor flavor;
    private final Optional<Path> home;

    Programs(Flavor flavor, Optional<Path> home) {
        this.flavor = flavor;
        this.home = home;
    }

    /** The path of a program, whether it is there or not. */
    Path path(String program) {
        return home.orElse(NOWHERE).resolve("bin").resolve(program);
    }

    Reply.EngineReport report() {
        if (home.isEmpty()) {
            return report("", Optional.empty(), List.of(missing(flavor.kind() + " was not found")));
        }
        List<Problem> problems = new ArrayList<>();
        NEEDED.stream()
                .map(this::path)
                .filter(program -> !Files.isExecutable(program))
                .forEach(program -> problems.add(missing(program + " is missing")));
        if (!problems.isEmpty()) {
            return report(home.get().toString(), Optional.empty(), problems);
        }
        String said = whatPostgresSays();
        Optional<String> version = version(flavor.versionPattern(), said);
        if (version.isEmpty()) {
            problems.add(
                    missing(
                            path("postgres")
                                    + " is not of "
                                    + flavor.kind()
                                    + ": it calls itself \""
                                    + said
                                    + "\""));
        }
        return report(home.get().toString(), version, problems);
    }

    static Optional<String> version(Pattern pattern, String said) {
        Matcher matcher = pattern.matcher(said);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private String whatPostgresSays() {
        try {
            ProgramRun run =
                    ProgramRun.of(List.of(path("postgres").toString(), "--version"), TIMEOUT);
            return run.output().strip();
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private Reply.EngineReport report(
            String where, Optional<String> version, List<Problem> problems) {
        return new Reply.EngineReport(flavor.kind(), where, version, problems);
    }

    private Problem missing(String what) {
        return Problem.of(
                what, "install " + flavor.kind() + " and set engine-home to where its bin is");
    }
}
