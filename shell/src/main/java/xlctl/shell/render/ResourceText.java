package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.shell.answer.TablesAnswer;

/** The tables that have rows on a datanode: pgxc_ctl's columns, and more. */
final class ResourceText {
    private static final long KB = 1024;

    private ResourceText() {}

    static List<String> of(TablesAnswer answer) {
        Table text =
                new Table(
                        "schema",
                        "relation",
                        "distribution",
                        "attname",
                        "nodename",
                        "partitions",
                        "rows",
                        "size");
        for (TablesAnswer.Table table : answer.tables()) {
            text.row(
                    table.schema(),
                    table.relation(),
                    table.distribution(),
                    table.columns(),
                    table.datanode(),
                    Integer.toString(table.partitions()),
                    Long.toString(table.rows()),
                    size(table.bytes()));
        }
        List<String> lines = new ArrayList<>(text.lines());
        if (answer.tables().isEmpty()) {
            lines.add("(no tables)");
        }
        return lines;
    }

    private static String size(long bytes) {
        long kilobytes = (bytes + KB - 1) / KB;
        return kilobytes < 10 * KB ? kilobytes + " kB" : kilobytes / KB + " MB";
    }
}
