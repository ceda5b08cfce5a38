package xlctl.shell.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.controller.ClientLogin;
import xlctl.controller.RefusedException;
import xlctl.text.NewFile;
import xlctl.topology.Problem;

/**
 * PostgreSQL's own client, run with the terminal of this program. Where it connects it learns from
 * its environment, so that its own words may say otherwise; the password is in a file for its owner
 * alone, which is there as long as it runs.
 */
public final class Psql {
    /** What of this program's environment would go before what is said here. */
    private static final List<String> STRONGER =
            List.of("PGPASSWORD", "PGSERVICE", "PGHOSTADDR", "PGOPTIONS", "PGTARGETSESSIONATTRS");

    /** As a shell tells that a program was ended by TERM. */
    private static final int ENDED = 143;

    private final Path program;
    private volatile boolean ended;
    private volatile Optional<Process> running = Optional.empty();

    public Psql() {
        this(Path.of("psql"));
    }

    Psql(Path program) {
        this.program = program;
    }

    /**
     * Returns when it has ended.
     *
     * @return its exit code: 0, 1 for an error of its own, 2 when the server was not reached, 3
     *     when a script of it failed, 143 when it was made to end
     * @throws RefusedException when there is no such program
     */
    public int run(ClientLogin login, ClientLogin.Coordinator coordinator, List<String> words) {
        if (ended) {
            return ENDED;
        }
        try {
            Path directory = Files.createTempDirectory("xlctl-psql");
            Path passwords = directory.resolve("pgpass");
            Path authority = directory.resolve("ca.crt");
            try {
                PrivateFiles.create(
                        passwords, PrivateFiles.passwordLine(login.role(), login.password()));
                if (login.authority().isPresent()) {
                    PrivateFiles.create(authority, login.authority().get());
                }
                return waitFor(start(login, coordinator, words, passwords, authority));
            } finally {
                Files.deleteIfExists(authority);
                Files.deleteIfExists(passwords);
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new RefusedException(
                    Problem.of(
                            "the password file for psql cannot be written into "
                                    + System.getProperty("java.io.tmpdir")
                                    + ": "
                                    + NewFile.trouble(e),
                            "see that there is space, and that you may write there"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while psql ran", e);
        }
    }

    /**
     * Ends it where it runs, and starts it no more: nobody is there for it any longer. May be
     * called from any thread.
     */
    public void end() {
        ended = true;
        running.ifPresent(Process::destroy);
    }

    private int waitFor(Process process) throws InterruptedException {
        running = Optional.of(process);
        if (ended) {
            process.destroy();
        }
        return process.waitFor();
    }

    private Process start(
            ClientLogin login,
            ClientLogin.Coordinator coordinator,
            List<String> words,
            Path passwords,
            Path authority) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        STRONGER.forEach(environment::remove);
        environment.put("PGHOST", coordinator.address().host().value());
        environment.put("PGPORT", coordinator.address().port().toString());
        environment.put("PGDATABASE", "postgres");
        environment.put("PGUSER", login.role());
        environment.put("PGPASSFILE", passwords.toString());
        if (login.authority().isPresent()) {
            environment.put("PGSSLMODE", "verify-full");
            environment.put("PGSSLROOTCERT", authority.toString());
            environment.put("PGCHANNELBINDING", "require");
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new RefusedException(
                    Problem.of(
                            "the program " + program + " cannot be run: " + e.getMessage(),
                            "install PostgreSQL's client: apt-get install postgresql-client"));
        }
    }
}
