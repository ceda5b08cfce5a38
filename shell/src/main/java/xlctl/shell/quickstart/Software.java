package xlctl.shell.quickstart;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.controller.ExitCode;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.topology.EngineKind;
import xlctl.yaml.YamlMapping;

/**
 * The server software of a quickstart.
 *
 * @param home the directory whose {@code bin} has the programs; empty for PostgreSQL, which is
 *     found, and installed where it is missing
 */
record Software(EngineKind kind, Optional<Path> home) {
    /** As Debian packages it. */
    static final Software PACKAGED = new Software(EngineKind.POSTGRESQL, Optional.empty());

    /** What agents run, and what this quickstart itself uses. */
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

    Software {
        requireNonNull(kind, "kind is null");
        requireNonNull(home, "home is null");
    }

    /**
     * What was asked for.
     *
     * @throws QuickstartException when kind and home do not go together
     */
    static Software asked(EngineKind kind, Optional<Path> home) {
        boolean packaged = kind == EngineKind.POSTGRESQL;
        if (packaged && home.isPresent()) {
            throw malformed(
                    "--engine-home is for the engines postgres-xl and opentenbase: say which one it"
                            + " is with --engine; PostgreSQL is found by itself");
        }
        if (!packaged && home.isEmpty()) {
            throw malformed(
                    "--engine "
                            + kind
                            + " needs --engine-home PATH: the directory whose bin has its programs");
        }
        return new Software(kind, home);
    }

    /**
     * What was asked for; else what the quickstart was made with, else PostgreSQL.
     *
     * @throws QuickstartException when the quickstart was made with something else
     */
    static Software choose(Layout layout, Optional<Software> asked) throws IOException {
        Optional<Software> made = madeWith(layout);
        if (made.isPresent() && asked.isPresent() && !made.equals(asked)) {
            throw other(layout, made.get().toString());
        }
        Software chosen = asked.or(() -> made).orElse(PACKAGED);
        EngineKind begunWith =
                Files.exists(layout.settings())
                        ? Settings.read(new Home(layout.directory()), Map.of(), Map.of())
                                .forController()
                                .engine()
                        : chosen.kind();
        if (begunWith != chosen.kind()) {
            throw other(layout, begunWith.toString());
        }
        return chosen;
    }

    /** As its agents have it. */
    private static Optional<Software> madeWith(Layout layout) throws IOException {
        Path agent = layout.agentConfig(Layout.FIRST_COORDINATOR);
        if (!Files.exists(agent)) {
            return Optional.empty();
        }
        YamlMapping settings = YamlMapping.read(Files.readString(agent), agent.toString());
        EngineKind kind =
                settings.optional("engine", EngineKind::parse).orElse(EngineKind.POSTGRESQL);
        return Optional.of(
                kind == EngineKind.POSTGRESQL
                        ? PACKAGED
                        : new Software(kind, settings.optional("engine-home", Path::of)));
    }

    private static QuickstartException other(Layout layout, String what) {
        return new QuickstartException(
                ExitCode.REFUSED,
                layout.directory()
                        + " was made with the engine "
                        + what
                        + ": take it down first, or choose another directory with --dir");
    }

    /**
     * The directory with the programs, not of Debian's packages: all of them there and of this
     * kind, and within the reach of those who run them.
     */
    Path require(UnprivilegedUser user) {
        Path directory = home.orElseThrow();
        List<String> missing =
                NEEDED.stream()
                        .filter(program -> !Files.isRegularFile(bin(directory, program)))
                        .toList();
        if (!missing.isEmpty()) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    directory.resolve("bin")
                            + " lacks programs of "
                            + kind
                            + ": "
                            + String.join(", ", missing)
                            + "; name the directory where it is installed with --engine-home");
        }
        user.requireReachable(directory.resolve("bin"), "--engine-home");
        requireKind(user, bin(directory, "postgres"));
        return directory;
    }

    /** The client that speaks with the servers for sure. */
    String psql() {
        return home.map(directory -> bin(directory, "psql").toString()).orElse("psql");
    }

    /** Whether the client finds the password file by a line of the service file. */
    boolean readsPassfileOfServices() {
        return kind != EngineKind.POSTGRES_XL;
    }

    /** Also whether the user can run it at all, with the libraries it needs. */
    private void requireKind(UnprivilegedUser user, Path postgres) {
        ExternalProgram.Result version =
                ExternalProgram.run(user.asUser(List.of(postgres.toString(), "--version")));
        String mark = kind == EngineKind.OPENTENBASE ? "OpenTenBase" : "Postgres-XL";
        if (version.exit() != 0 || !version.output().contains(mark)) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    postgres
                            + " is not "
                            + mark
                            + " that user \""
                            + user.name()
                            + "\" can run; asked for its version it says: "
                            + version.output().strip());
        }
    }

    private static Path bin(Path home, String program) {
        return home.resolve("bin").resolve(program);
    }

    private static QuickstartException malformed(String what) {
        return new QuickstartException(ExitCode.MALFORMED, what);
    }

    @Override
    public String toString() {
        return kind + home.map(directory -> " in " + directory).orElse("");
    }
}
