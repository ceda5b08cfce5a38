package xlctl.agent.engine;

import java.util.List;
import java.util.Set;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.RolePower;
import xlctl.topology.SqlName;

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
     * @return what is left of nodes that are gone because tables of users are in it: only users can
     *     end that, and it keeps nothing else from matching
     * @throws EngineException when something else does not match afterwards
     */
    List<Leftover> converge(Catalog catalog) throws EngineException;

    /**
     * Has the server admit and use the passwords of its site, whatever else of it does not match.
     *
     * @throws EngineException when it does not in the end, or the engine has no such thing
     */
    default void takePasswords() throws EngineException {
        throw new EngineException(
                "the passwords of this server are not replaced",
                "use those it was made with",
                null);
    }

    /** The tables that users made, over all databases, and that would be lost with the server. */
    Reply.UserTables userTables() throws EngineException;

    /**
     * Keeps DDL out of the whole cluster, from this coordinator on, until the lock is closed.
     *
     * @throws EngineException when someone else keeps it out, or the engine has no such lock
     */
    DdlLock lockDdl() throws EngineException;

    /**
     * Makes a database to which no client can connect yet, for an operation; none when it made it
     * already.
     */
    default Reply createDatabase(long operation, SqlName name, SqlName owner)
            throws EngineException {
        return Reply.Failed.refused(
                "this server makes databases on all nodes by itself", "use CREATE DATABASE");
    }

    /** Lets clients into a database that an operation made. */
    default Reply openDatabase(long operation, SqlName name) throws EngineException {
        return Reply.Failed.refused("this server has no closed databases", "");
    }

    /** Drops a database that an operation made and did not open, if there is one. */
    default Reply dropDatabase(long operation, SqlName name) throws EngineException {
        return new Reply.Done("there is none");
    }

    /** Makes a role that can log in on every node, through a coordinator. */
    default Reply createRole(SqlName name, Set<RolePower> powers, PasswordVerifier verifier)
            throws EngineException {
        return Reply.Failed.refused("roles are made by coordinators", "name a coordinator");
    }

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
