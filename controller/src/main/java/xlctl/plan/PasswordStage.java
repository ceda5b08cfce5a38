package xlctl.plan;

/** How far an instance has gone from the cluster's passwords to those that are to come. */
public enum PasswordStage {
    /** It uses and admits the cluster's, and no others. */
    CURRENT,
    /** It still uses the cluster's, and admits both. */
    NEXT_ADMITTED,
    /** It uses those that are to come, and admits both. */
    NEXT_USED
}
