package xlctl.agent.engine;

import xlctl.agent.api.Reply;

/**
 * The agent's way into one running server. Thread-safe. May be closed while it is used; what is
 * under way then fails.
 */
public interface ServerLink extends AutoCloseable {

    /**
     * How the server is now, found out within about two seconds. A server that does not answer is a
     * finding, no failure.
     */
    Health check();

    /**
     * Makes the server's roles, its catalogs of the cluster and who may log in from where match,
     * and writes nothing where they do already.
     *
     * @throws EngineException when something does not match afterwards
     */
    void converge(Catalog catalog) throws EngineException;

    /** The tables that users made, over all databases, and that would be lost with the server. */
    Reply.UserTables userTables() throws EngineException;

    /**
     * Keeps DDL out of the whole cluster, from this coordinator on, until the lock is closed.
     *
     * @throws EngineException when someone else keeps it out, or the engine has no such lock
     */
    DdlLock lockDdl() throws EngineException;

    /**
     * Finishes what DDL that was interrupted left prepared on the server, as far as it is decided.
     * Cheap where there is nothing, and where the engine leaves nothing.
     *
     * @throws EngineException when it cannot be found out what was decided
     */
    default void finishDdl() throws EngineException {}

    /** Reads and writes through the server, on every node that its clients reach. */
    Reply.DeepReport checkDeep();

    /** Has a GTM proxy connect to its GTM anew. */
    void reconnect() throws EngineException;

    /**
     * Ends the connections that it keeps, so that they are in nobody's way. The next call connects
     * anew.
     */
    @Override
    void close();
}
