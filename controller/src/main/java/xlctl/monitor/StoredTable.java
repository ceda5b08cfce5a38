package xlctl.monitor;

import static java.util.Objects.requireNonNull;

/**
 * A table that has rows on a datanode.
 *
 * @param distribution {@code Hash} or {@code Replicate}
 * @param columns by which rows are distributed; {@code - none -} where they are not
 * @param partitions how many of it are there
 * @param rows there, as statistics have it
 * @param bytes there, with indexes
 */
public record StoredTable(
        String schema,
        String relation,
        String distribution,
        String columns,
        int partitions,
        long rows,
        long bytes) {
    public StoredTable {
        requireNonNull(schema, "schema is null");
        requireNonNull(relation, "relation is null");
        requireNonNull(distribution, "distribution is null");
        requireNonNull(columns, "columns is null");
    }
}
