package xlctl.topology;

/**
 * As which of the two roles that there are for each purpose servers and xlctl log in to servers.
 * The other ones cannot log in, except while a cluster goes over from one to the other.
 */
public enum Logins {
    FIRST(ServerRole.INTERNAL, ServerRole.DDL, ServerRole.MONITOR),
    SECOND(ServerRole.INTERNAL_2, ServerRole.DDL_2, ServerRole.MONITOR_2);

    private final ServerRole internal;
    private final ServerRole ddl;
    private final ServerRole monitor;

    Logins(ServerRole internal, ServerRole ddl, ServerRole monitor) {
        this.internal = internal;
        this.ddl = ddl;
        this.monitor = monitor;
    }

    public ServerRole internal() {
        return internal;
    }

    public ServerRole ddl() {
        return ddl;
    }

    public ServerRole monitor() {
        return monitor;
    }

    public Logins other() {
        return this == FIRST ? SECOND : FIRST;
    }
}
