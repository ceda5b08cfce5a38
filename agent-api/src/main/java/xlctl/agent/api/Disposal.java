package xlctl.agent.api;

/** What becomes of the data directory of an instance that its agent forgets. */
public enum Disposal {
    /** It stays where it is. */
    KEEP,
    /** It is renamed aside, then removed with its WAL directory. */
    ERASE,
    /**
     * As {@link #ERASE}, but only what the operation that asks has prepared itself: another's stays
     * untouched.
     */
    UNDO
}
