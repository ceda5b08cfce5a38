package xlctl.agent.engine;

/** That no DDL takes place in the cluster. Belongs to a session of a server, and ends with it. */
public interface DdlLock extends AutoCloseable {

    /** Whether it has been held without a gap, asked of the server itself. */
    boolean held();

    @Override
    void close();
}
