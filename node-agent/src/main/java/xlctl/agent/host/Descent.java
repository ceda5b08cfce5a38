package xlctl.agent.host;

import java.util.Optional;
import xlctl.store.Lineage;
import xlctl.topology.Problem;

/** How the records in the store now relate to those that last named an instance. */
enum Descent {
    SAME,
    /** Restored from a backup of those, or of a life before them. */
    RESTORED,
    /** Of another cluster of this name, begun in an emptied store. */
    FOREIGN;

    /** Where it is not known on one of the sides, nothing speaks for another life. */
    static Descent of(InstanceRecord record, Optional<Lineage> now) {
        if (!record.wasNamed() || now.isEmpty()) {
            return SAME;
        }
        if (record.lineage().isEmpty()) {
            return now.get().first() ? SAME : RESTORED;
        }
        if (record.lineage().equals(now)) {
            return SAME;
        }
        return record.lineage().get().founding().equals(now.get().founding()) ? RESTORED : FOREIGN;
    }

    /** Why an instance that the topology of such records does not name is left as it is. */
    Optional<Problem> objection(InstanceRecord record) {
        return switch (this) {
            case SAME -> Optional.empty();
            case RESTORED ->
                    Optional.of(
                            Problem.of(
                                    "the cluster's records were restored from a backup that does not"
                                            + " know "
                                            + record.name()
                                            + "; it is left as it is, with its data in "
                                            + record.dataDirectory(),
                                    "if it was removed after the backup, end it on its host; if it was"
                                            + " added after it, restore a newer backup"));
            case FOREIGN ->
                    Optional.of(
                            Problem.of(
                                    "the store has the records of another cluster of this name than"
                                            + " the one that "
                                            + record.name()
                                            + " with its data was part of; nothing is changed here",
                                    "ZooKeeper was emptied and a cluster begun anew: restore its data,"
                                            + " or give this host's agent an empty state directory"));
        };
    }
}
