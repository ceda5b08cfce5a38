package xlctl.agent.api;

/** What a role may do beyond logging in. */
public enum RolePower {
    CREATEDB,
    CREATEROLE,
    SUPERUSER
}
