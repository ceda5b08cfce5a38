package xlctl.agent.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcess;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** One kind of server software. Thread-safe; all engines pass one contract test. */
public interface Engine {
    /** Space that a new data directory needs at first, in bytes. */
    long INITIAL_BYTES = 200L << 20;

    /** The software as it is now: where it is, its version, what is missing. */
    Reply.EngineReport report();

    /** What of a specification this engine refuses: the operator's own lines above all. */
    List<Problem> refusals(InstanceSpec spec);

    /**
     * Makes and configures the data directory. Its directories are absent or empty, and their
     * parents exist. What it made stays where it is when it fails or is interrupted.
     */
    void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException;

    /**
     * Takes the definitions of another node into a data directory that was initialised and never
     * served: databases, roles, tables without rows. Nothing of the server runs afterwards. What a
     * copy that failed took in part is made anew by the next.
     *
     * @param source a coordinator; of the stock engine for a datanode another datanode, as soon as
     *     there is one
     */
    void copyDefinitions(Site site, HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException;

    ServerCommand command(Site site);

    /** A file that a finished data directory has from then on, whatever its server does. */
    Path dataMark(Site site);

    /**
     * The files by which a server keeps others from its place: it does not start while any process
     * has the number in one of them.
     */
    List<Path> lockFiles(Site site);

    /** Removes what a dead server left in the way of its next start. None of its processes runs. */
    default void clearRemains(Site site) throws IOException {}

    /** The last lines that the server wrote, in one: why it ended. */
    String lastWords(Site site);

    /** Where its logs are: {@code server.out} and what ends in {@code .log}. */
    default List<Path> logDirectories(Site site) {
        return List.of(site.stateDirectory(), site.stateDirectory().resolve("log"));
    }

    /** Logs to whose end the server writes, and which it never begins anew. */
    default List<Path> endlessLogs(Site site) {
        return List.of();
    }

    /** The process that the server names as its first, in its data directory. */
    Optional<Long> claimedPid(Site site);

    /** What the first process of an instance takes as which way to stop. */
    Signal signal(Site site, StopMode mode);

    /** Sends a signal by the engine's own means: Java has only two of them. */
    void send(Signal signal, long pid) throws IOException, InterruptedException;

    /**
     * Puts the passwords with which the server of a site logs in to others in the place of those
     * that it had, for the connections that it makes from then on.
     *
     * @param outgoing those of the site's secrets and of others that may be needed, too
     */
    default void replacePasswords(Site site, Map<ServerRole, Secret> outgoing)
            throws IOException, EngineException {
        throw new EngineException(
                "the passwords of " + site.spec().engine() + " servers are not replaced",
                "use those they were made with",
                null);
    }

    /**
     * A login without whose end the server, which answers nobody, never lets anybody in again.
     *
     * @param processes all of the server that were there some seconds ago, and still are
     * @return empty when there is none, or it cannot be told
     */
    default Optional<ServerProcess> hungLogin(Site site, List<ServerProcess> processes) {
        return Optional.empty();
    }

    /** The agent's way into a server. Connects when it is first needed. */
    ServerLink link(Site site);
}
