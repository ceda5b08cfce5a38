package xlctl.topology;

import java.util.Optional;

/**
 * The logins that xlctl makes on the servers it runs. Of those by which servers and xlctl reach
 * servers there are two each, which are used in turn: a role has one password, and a new one must
 * be taken everywhere before the old one is taken nowhere. See {@link Logins}.
 */
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
    /** Has the rights of {@link #INTERNAL}. */
    INTERNAL_2("xlctl_internal_2"),
    /** Has the rights of {@link #DDL}. */
    DDL_2("xlctl_ddl_2"),
    /** Has the rights of {@link #MONITOR}. */
    MONITOR_2("xlctl_monitor_2"),
    /**
     * For the cluster's first client: an ordinary role that may create what it owns. It is on
     * coordinators and datanodes; clients are let in on coordinators only.
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

    /** Whose rights it has, where it is the second of two; empty for all others. */
    public Optional<ServerRole> first() {
        return switch (this) {
            case INTERNAL_2 -> Optional.of(INTERNAL);
            case DDL_2 -> Optional.of(DDL);
            case MONITOR_2 -> Optional.of(MONITOR);
            case SUPERUSER, INTERNAL, DDL, MONITOR, CLIENT -> Optional.empty();
        };
    }

    /** Which is used when this one is not; empty where there is only one. */
    public Optional<ServerRole> other() {
        return switch (this) {
            case INTERNAL -> Optional.of(INTERNAL_2);
            case DDL -> Optional.of(DDL_2);
            case MONITOR -> Optional.of(MONITOR_2);
            case SUPERUSER, CLIENT, INTERNAL_2, DDL_2, MONITOR_2 -> first();
        };
    }
}
