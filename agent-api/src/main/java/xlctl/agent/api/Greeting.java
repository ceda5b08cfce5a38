package xlctl.agent.api;

/** What a server at the other end says of itself before anyone logs in: proof that it is alive. */
public enum Greeting {
    /** The line by which SSH servers, agents among them, name their version. */
    SSH,
    /** What PostgreSQL 12 and later answer to whom asks for encryption. Leaves nothing in a log. */
    POSTGRESQL,
    /**
     * What PostgreSQL before 12 answers to whom asks for TLS. Leaves a line in the log of a server
     * that has TLS.
     */
    POSTGRESQL_BEFORE_12,
    /** Nothing: a connection must do, which the kernel makes also for a process that is frozen. */
    CONNECTION
}
