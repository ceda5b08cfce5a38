package xlctl.shell.answer;

import java.util.List;
import xlctl.monitor.StoredTable;
import xlctl.topology.NodeName;
import xlctl.topology.SqlName;

/** {@code show resource datanode}. */
public record TablesAnswer(String datanode, String database, List<Table> tables) implements Answer {
    /**
     * A table that has rows there.
     *
     * @param columns by which rows are distributed
     * @param partitions how many of it are there
     * @param rows there, as statistics have it
     * @param bytes there, with indexes
     */
    public record Table(
            String schema,
            String relation,
            String distribution,
            String columns,
            String datanode,
            int partitions,
            long rows,
            long bytes) {}

    public TablesAnswer {
        tables = List.copyOf(tables);
    }

    public static TablesAnswer of(NodeName datanode, SqlName database, List<StoredTable> tables) {
        return new TablesAnswer(
                datanode.value(),
                database.value(),
                tables.stream()
                        .map(
                                table ->
                                        new Table(
                                                table.schema(),
                                                table.relation(),
                                                table.distribution(),
                                                table.columns(),
                                                datanode.value(),
                                                table.partitions(),
                                                table.rows(),
                                                table.bytes()))
                        .toList());
    }

    @Override
    public String kind() {
        return "tables";
    }

    @Override
    public Rows rows() {
        return new Rows(Table.class, tables);
    }
}
