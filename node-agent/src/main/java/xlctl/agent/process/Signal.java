package xlctl.agent.process;

/** The signals that servers understand. */
public enum Signal {
    TERM,
    INT,
    QUIT,
    KILL,
    HUP,
    USR1
}
