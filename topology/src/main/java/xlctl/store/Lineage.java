package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * Which life of which cluster's records this is. A cluster is founded with the first node that is
 * added to an empty store; a life begins then and with each restore from a backup. Agents remember
 * in which one their instances were named: a topology that does not name them is a removal only
 * within the same life.
 */
public record Lineage(String founding, String life) {
    public Lineage {
        requireNonNull(founding, "founding is null");
        requireNonNull(life, "life is null");
    }

    static Lineage founded() {
        String id = UUID.randomUUID().toString();
        return new Lineage(id, id);
    }

    /** A new life of the same cluster. */
    public Lineage anew() {
        return new Lineage(founding, UUID.randomUUID().toString());
    }

    /** Whether no backup was ever restored. */
    public boolean first() {
        return founding.equals(life);
    }
}
