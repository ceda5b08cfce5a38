package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that are added while clients write rows and change definitions. */
class GrowthIT extends SharedCluster {
    private static final List<Integer> COORDINATORS = List.of(2, 4, 6);
    private static final int ROWS_OF_EACH = 1_000;

    @Test
    void letsRowsAndDefinitionsGoOnWhileNodesAreAdded() throws Exception {
        cluster.sql(
                2, "CALL xl.create_table('CREATE TABLE load (id int PRIMARY KEY)', 'hash(id)')");
        List<RunningProgram> writers = new ArrayList<>();
        for (int host : COORDINATORS) {
            writers.add(cluster.psql(host, "-v", "ON_ERROR_STOP=1", "-c", writing(host)));
        }
        RunningProgram definitions = cluster.psql(4, "-v", "ON_ERROR_STOP=1");
        definitions.type("SET xl.lock_timeout = '2min';");
        for (int column = 1; column <= 5; column++) {
            definitions.type("CALL xl.ddl('ALTER TABLE load ADD COLUMN c" + column + " int');");
        }

        Outcome added =
                cluster.script(
                        "add coordinator master coord_m_8 127.0.1.2 5433 none coord_m_8 none none",
                        String.join(" ", QuickstartCluster.datanode("data_m_8", 3, 5433)));
        definitions.end().exits(0);
        for (RunningProgram writer : writers) {
            writer.end().exits(0);
        }

        added.exits(0);
        String written = ROWS_OF_EACH * COORDINATORS.size() + " " + COORDINATORS.size();
        String counting = "SELECT count(*) || ' ' || count(DISTINCT id % 10) FROM load";
        assertThat(cluster.sql(6, counting)).isEqualTo(written);
        assertThat(cluster.sqlOfSuperuser(cluster.data(2, "coord_m_8"), counting))
                .isEqualTo(written);
        String columns =
                "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute"
                        + " WHERE attrelid = 'load'::regclass AND attnum > 0";
        for (String directory : List.of("coord_m_8", "data_m_8")) {
            int host = directory.startsWith("coord") ? 2 : 3;
            assertThat(cluster.sqlOfSuperuser(cluster.data(host, directory), columns))
                    .isEqualTo("id c1 c2 c3 c4 c5");
        }
        newTablesHavePartitionsOnTheNewDatanode();
        cluster.xlctl("remove", "datanode", "master", "data_m_8", "clean").exits(0);
        cluster.xlctl("remove", "coordinator", "master", "coord_m_8", "clean").exits(0);
    }

    private void newTablesHavePartitionsOnTheNewDatanode() throws Exception {
        cluster.sql(2, "CALL xl.create_table('CREATE TABLE later (id int)', 'hash(id)')");
        assertThat(
                        cluster.sql(
                                2,
                                "SELECT partitions -> 'data_m_8' FROM xl.tables WHERE table_name = 'later'::regclass"))
                .isEqualTo("8");
        assertThat(
                        cluster.sql(
                                2,
                                "SELECT partitions -> 'data_m_8' FROM xl.tables WHERE table_name = 'load'::regclass"))
                .isEmpty();
        Outcome refused =
                cluster.xlctl("remove", "datanode", "master", "data_m_8", "clean").exits(4);
        assertThat(refused.err()).contains("public.later");
        cluster.sql(2, "CALL xl.ddl('DROP TABLE later, load')");
    }

    /** Each row is a transaction of its own: an error would end the whole. */
    private static String writing(int host) {
        return "DO $$ BEGIN FOR n IN 1 .. "
                + ROWS_OF_EACH
                + " LOOP INSERT INTO load (id) VALUES (n * 10 + "
                + host
                + "); COMMIT; PERFORM pg_sleep(0.005); END LOOP; END $$";
    }
}
