package xlctl.agent.api;

import xlctl.topology.Port;

/** The constants both sides agree on. */
public final class Protocol {
    /** The name of the SSH subsystem that speaks {@link Frame}s. */
    public static final String SUBSYSTEM = "xlctl-agent";

    /** The port agents listen on unless set. */
    public static final Port DEFAULT_PORT = new Port(7422);

    /** The oldest and the newest version of the requests that this program speaks. */
    public static final int OLDEST = 4;

    public static final int NEWEST = 4;

    private Protocol() {}
}
