package xlctl.topology;

/** The logins that xlctl makes on the servers it runs. */
public enum ServerRole {
    /**
     * Owns the server. Logs in over TCP from the server's own host only, where the agent uses it.
     */
    SUPERUSER("postgres"),
    /**
     * How coordinators reach datanodes and the GTM, from {@code networks.cluster}. No superuser.
     */
    INTERNAL("xlctl_internal"),
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
