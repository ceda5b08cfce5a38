package xlctl.topology;

/** What a node is for. The declared order is the order in which a cluster is listed. */
public enum NodeKind {
    GTM("gtm"),
    GTM_PROXY("gtm_proxy"),
    COORDINATOR("coordinator"),
    DATANODE("datanode");

    private final String word;

    NodeKind(String word) {
        this.word = word;
    }

    /** The word of the command language. */
    public String word() {
        return word;
    }

    /** Whether {@code pgxc_node} lists nodes of this kind. */
    public boolean inCatalog() {
        return this == COORDINATOR || this == DATANODE;
    }

    @Override
    public String toString() {
        return word;
    }
}
