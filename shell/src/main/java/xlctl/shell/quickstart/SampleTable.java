package xlctl.shell.quickstart;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import xlctl.controller.ExitCode;
import xlctl.topology.HostPort;

/**
 * A distributed table with rows, made through one coordinator and read through another: what a
 * person would try first. The table stays, and is only read when it is there already.
 */
final class SampleTable {
    private static final String PRESENT = "SELECT to_regclass('public.sample') IS NOT NULL";

    private static final String CREATE =
            "CALL xl.create_table('CREATE TABLE sample (id int, note text)', 'hash(id)')";

    private static final String LOAD =
            "INSERT INTO sample SELECT n, 'row ' || n FROM generate_series(1, 100000) n";

    private static final String COUNT = "SELECT count(*) FROM sample";

    private static final String EACH =
            "SELECT node_name, \"row\"->>'count' AS rows"
                    + " FROM xl.execute_on_datanodes('SELECT count(*) FROM sample')";

    private final ClientAccess access;
    private final String psql;
    private final HostPort first;
    private final HostPort another;
    private final PrintWriter out;

    /**
     * @param psql the program
     * @param first the coordinator that makes it
     * @param another the coordinator that counts its rows
     */
    SampleTable(
            ClientAccess access, String psql, HostPort first, HostPort another, PrintWriter out) {
        this.access = access;
        this.psql = psql;
        this.first = first;
        this.another = another;
        this.out = out;
    }

    void show() {
        if (!ask(first, "-At", PRESENT).strip().equals("t")) {
            tell(first, CREATE);
            tell(first, LOAD);
        }
        tell(another, COUNT);
        tell(another, EACH);
    }

    private void tell(HostPort coordinator, String statement) {
        out.println();
        out.println(
                (coordinator.equals(first) ? "" : "On " + coordinator + ": ") + statement + ";");
        out.println(ask(coordinator, "-Ppager=off", statement).stripTrailing());
        out.flush();
    }

    private String ask(HostPort coordinator, String how, String statement) {
        List<String> words = new ArrayList<>(List.of(psql, "-X", how));
        words.add("service=" + access.service() + " " + place(coordinator));
        words.addAll(List.of("-c", statement));
        ExternalProgram.Result result = ExternalProgram.run(words, access.environment());
        if (result.exit() != 0) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED,
                    "the sample table is not as it should be: "
                            + statement
                            + "\n"
                            + result.output().stripTrailing());
        }
        return result.output();
    }

    private static String place(HostPort coordinator) {
        return "host=" + coordinator.host() + " port=" + coordinator.port();
    }
}
