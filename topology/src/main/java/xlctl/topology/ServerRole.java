package xlctl.topology;

/** The logins that xlctl makes on the servers it runs. */
public enum ServerRole {
    /**
     * Owns the server. Logs in over TCP from the server's own host only, where the agent uses it.
     */
    SUPERUSER("postgres"),
    /**
     * As which the stock engine's coordinators read and write rows on datanodes, from {@code
     * networks.cluster}. Functions of users may run as this role there, so it can do nothing else.
     */
    INTERNAL("xlctl_internal"),
    /**
     * As which they change definitions on all nodes, and reach the GTM for that. What it may call
     * makes it as mighty as the superuser. Its password is that of {@link #INTERNAL}: the same
     * files hold it.
     */
    DDL("xlctl_ddl"),
    /** Sees health and statistics, changes nothing; from {@code networks.cluster}. */
    MONITOR("xlctl_monitor"),
    /**
     * For the cluster's first client: an ordinary role on coordinators that may create what it
     * owns.
     */
    CLIENT("app");

    private final String roleName;

    ServerRole(String roleName) {
        this.roleName = roleName;
    }

    /** The role's name in the server. */
    public String roleName() {
        return roleName;
    }
}
