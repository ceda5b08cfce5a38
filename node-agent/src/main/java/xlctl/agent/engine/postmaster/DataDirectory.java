package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.Signal;

/** What every data directory and the server on it have in common. */
public final class DataDirectory {
    private static final String PID_FILE = "postmaster.pid";
    private static final Duration WRITE_TIMEOUT = Duration.ofMinutes(5);

    private DataDirectory() {}

    /** A file that initdb makes and no server changes. */
    public static Path mark(Site site) {
        return site.dataDirectory().resolve("PG_VERSION");
    }

    /** By which a server keeps others from its data directory and its socket. */
    public static List<Path> lockFiles(Site site) {
        return List.of(
                site.dataDirectory().resolve(PID_FILE),
                site.socketDirectory().resolve(".s.PGSQL." + site.port() + ".lock"));
    }

    /**
     * A server that works there, in what it sees of the environment.
     *
     * @param arguments the program first
     * @param environment what it sees besides what all do
     */
    public static ServerCommand server(
            Site site, List<String> arguments, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(ProgramRun.ENVIRONMENT);
        all.remove("TZ");
        all.putAll(environment);
        return new ServerCommand(arguments, all, site.dataDirectory(), ServerLog.output(site));
    }

    /** The process that a postmaster names as its first. */
    public static Optional<Long> claimedPid(Site site) {
        return pidIn(site.dataDirectory().resolve(PID_FILE));
    }

    /** The number that a server's file begins with, while there is one. */
    public static Optional<Long> pidIn(Path file) {
        try {
            return Files.readString(file)
                    .lines()
                    .findFirst()
                    .filter(line -> line.matches("[0-9]{1,10}"))
                    .map(Long::valueOf);
        } catch (IOException noServer) {
            return Optional.empty();
        }
    }

    /** What the server's first process takes as which way to stop. */
    public static Signal signal(StopMode mode) {
        switch (mode) {
            case SMART:
                return Signal.TERM;
            case FAST:
                return Signal.INT;
            case IMMEDIATE:
                return Signal.QUIT;
        }
        throw new AssertionError(mode);
    }

    /** That it could not be made. */
    public static EngineException notMade(Site site, IOException e) {
        return new EngineException(
                "making the data directory "
                        + site.dataDirectory()
                        + " failed: "
                        + e.getMessage()
                        + "; "
                        + FreeSpace.of(site.dataDirectory()),
                "see that the disk has space and is writable",
                e);
    }

    /**
     * Puts all that was made on disk, a file system as a whole: initdb's own way, file by file,
     * takes ten times as long.
     */
    public static void writeOut(Site site)
            throws IOException, InterruptedException, EngineException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "/usr/bin/env",
                                "sync",
                                "--file-system",
                                site.dataDirectory().toString()));
        site.walDirectory().ifPresent(wal -> arguments.add(wal.toString()));
        ProgramRun run = ProgramRun.of(arguments, WRITE_TIMEOUT);
        if (!run.succeeded()) {
            throw new EngineException(
                    "the data directory "
                            + site.dataDirectory()
                            + " could not be written out to disk: "
                            + run.conclusion()
                            + "; "
                            + FreeSpace.of(site.dataDirectory()),
                    "see what is wrong with the disk",
                    null);
        }
    }
}
