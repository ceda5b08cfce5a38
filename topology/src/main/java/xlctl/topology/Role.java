package xlctl.topology;

/** What an instance does for its node at the moment. */
public enum Role {
    MASTER("master"),
    SLAVE("slave");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** The word of the command language. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}
