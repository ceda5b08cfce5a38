package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.text.Quoted;

/** The files from which a postmaster takes how it is to work. */
public final class ConfigurationFiles {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(30);
    private static final String OPERATORS = "operator.conf";
    private static final String MANAGED = "xlctl.conf";
    private static final String INCLUDES =
            "\n# Kept by xlctl. The last one wins.\ninclude '"
                    + OPERATORS
                    + "'\ninclude '"
                    + MANAGED
                    + "'\n";

    private ConfigurationFiles() {}

    /**
     * Writes all of them into a data directory that {@code initdb} has just made.
     *
     * @param defaults what an operator may set differently: read before the operator's own lines
     * @param managed the settings that xlctl makes itself: read after them
     * @param rules the text of {@code pg_hba.conf}
     */
    public static void write(Site site, String defaults, String managed, String rules)
            throws IOException {
        DurableFile.createDirectories(ServerLog.directory(site));
        Path directory = site.dataDirectory();
        Path main = directory.resolve("postgresql.conf");
        DurableFile.write(main, Files.readString(main) + defaults + INCLUDES);
        DurableFile.write(directory.resolve(OPERATORS), site.spec().configuration().text() + "\n");
        DurableFile.write(managed(site), managed);
        DurableFile.write(
                directory.resolve("pg_ident.conf"),
                HbaRules.identMap(System.getProperty("user.name")));
        DurableFile.write(directory.resolve(HbaFile.NAME), rules);
    }

    /** The file of the settings that xlctl makes itself. */
    public static Path managed(Site site) {
        return site.dataDirectory().resolve(MANAGED);
    }

    /**
     * Has the server read its files, which finds settings that it does not know.
     *
     * @param server the program and the arguments with which it is started
     */
    public static void check(Site site, List<String> server)
            throws IOException, InterruptedException, EngineException {
        List<String> question = new ArrayList<>(server);
        question.addAll(List.of("-C", "port"));
        ProgramRun run = ProgramRun.of(question, CHECK_TIMEOUT);
        if (!run.succeeded()) {
            throw new EngineException(
                    site.spec().engine()
                            + " does not take the settings of "
                            + site.spec().instance().name()
                            + ": "
                            + run.conclusion(),
                    site.spec().configuration().text().isBlank()
                            ? "see that the agent's host can hold such a server"
                            : "correct "
                                    + Quoted.of(site.spec().configuration().name())
                                    + ", whose lines are those of operator.conf",
                    null);
        }
    }
}
