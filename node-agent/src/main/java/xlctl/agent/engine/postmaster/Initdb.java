package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.topology.ServerRole;

/** The program that makes data directories. */
public final class Initdb {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private Initdb() {}

    /** Runs it with the superuser's verifier in a file. */
    public static void withPassword(Path program, Site site, String method, List<String> more)
            throws IOException, InterruptedException, EngineException {
        Path password = site.stateDirectory().resolve("initdb.password");
        DurableFile.write(password, superuser(site).value() + "\n");
        try {
            List<String> all = new ArrayList<>(more);
            all.add("--pwfile=" + password);
            run(program, site, method, all);
        } finally {
            Files.deleteIfExists(password);
        }
    }

    /**
     * Runs it; the superuser has no password then.
     *
     * @param method how clients prove who they are, as {@code pg_hba.conf} calls it
     * @param more what only the engine wants
     */
    public static void run(Path program, Site site, String method, List<String> more)
            throws IOException, InterruptedException, EngineException {
        superuser(site);
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(
                List.of(
                        // It would tidy up by name, when its agent may have died and the next one
                        // may have begun anew there.
                        "-n",
                        "--pgdata=" + site.dataDirectory(),
                        "--username=" + ServerRole.SUPERUSER.roleName(),
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--data-checksums",
                        "--auth-local=peer",
                        "--auth-host=" + method));
        command.addAll(more);
        ProgramRun run = ProgramRun.of(command, TIMEOUT);
        if (!run.succeeded()) {
            throw new EngineException(
                    "initdb in "
                            + site.dataDirectory()
                            + " failed: "
                            + InitdbFailure.reason(run)
                            + "; "
                            + FreeSpace.of(site.dataDirectory()),
                    InitdbFailure.of(run.output()).remedy(),
                    null);
        }
    }

    private static PasswordVerifier superuser(Site site) throws EngineException {
        PasswordVerifier verifier = site.secrets().verifiers().get(ServerRole.SUPERUSER);
        if (verifier == null) {
            throw new EngineException(
                    "the request to prepare "
                            + site.spec().instance().name()
                            + " has no password for "
                            + ServerRole.SUPERUSER.roleName(),
                    "send it with all secrets of the instance",
                    null);
        }
        return verifier;
    }
}
