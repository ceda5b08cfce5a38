package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes of a cluster, and those that are refused. */
@Tag("slow")
class ChangeIT extends SharedCluster {
    @Test
    void keepsTheFourAddsBeforeAFailedFifthAndUndoesTheRest() throws Exception {
        cluster.file("bad.conf", "shared_buffers = banana");

        Outcome script = cluster.script(sevenAdds(5, "bad.conf")).exits(1);

        assertThat(script.out().lines().filter(line -> line.contains(": done")))
                .extracting(line -> line.split(" ")[3])
                .containsExactly("d1", "d2", "d3", "d4");
        assertThat(script.err())
                .contains("script.xlctl:5: add datanode master d5", "banana")
                .contains("script.xlctl:6:", "script.xlctl:7:");
        assertThat(cluster.catalog(2)).isEqualTo(SEVEN.replace("data_m_1", "d1 d2 d3 d4 data_m_1"));
        for (int gone = 5; gone <= 7; gone++) {
            assertThat(cluster.data(gone, "d" + gone)).doesNotExist();
        }
        removeFirstFour();
    }

    @Test
    void beginsNoneAfterAnAddThatIsRefused() throws Exception {
        Path taken = Files.createDirectories(cluster.data(5, "d5"));
        Files.writeString(taken.resolve("mine.txt"), "mine");

        Outcome script = cluster.script(sevenAdds(5, "none")).exits(4);

        assertThat(script.err()).contains("is not empty: it has mine.txt");
        assertThat(taken).isDirectoryContaining(file -> file.endsWith("mine.txt"));
        for (int gone = 6; gone <= 7; gone++) {
            assertThat(cluster.data(gone, "d" + gone)).doesNotExist();
        }
        Files.delete(taken.resolve("mine.txt"));
        Files.delete(taken);
        removeFirstFour();
    }

    @Test
    void tellsAllThatIsWrongWithFilesForANodeAtOnceAndBeginsNothing() throws Exception {
        cluster.file("bad.conf", "work_mem = 8MB\n  port = 1\nno-setting = 's3cret'\n");
        cluster.file("bad.hba", "host all all 10.0.0.0/8 trust\nhost all all 10.0.0.0/8 ldpa\n");

        Outcome refused =
                cluster.script(
                                "add datanode master d8 127.0.1.5 5508 none d8 none bad.conf bad.hba")
                        .exits(4);

        assertThat(refused.err())
                .contains("script.xlctl:1: add datanode master d8 127.0.1.5 5508")
                .contains("CONF \"bad.conf\", line 2, column 3: \"port = 1\" sets port")
                .contains("CONF \"bad.conf\", line 3, column 1: \"no-setting")
                .contains("HBA \"bad.hba\", line 1, column 25: ")
                .contains("HBA \"bad.hba\", line 2, column 25: ");
        assertThat(cluster.xlctl("operation", "list").exits(0).out()).doesNotContain("d8");
        assertThat(cluster.data(5, "d8")).doesNotExist();
    }

    @Test
    void refusesToRemoveWhatHoldsTablesOfUsers() throws Exception {
        cluster.sql(2, "SET xl.allow_local = on; CREATE TABLE mine (a int)");
        cluster.sqlOfSuperuser(cluster.data(3, "data"), "CREATE TABLE yours AS SELECT 1 AS a");

        Outcome coordinator =
                cluster.xlctl("remove", "coordinator", "master", "coord_m_1").exits(4);
        Outcome datanode =
                cluster.xlctl("remove", "datanode", "master", "data_m_1", "clean").exits(4);

        assertThat(coordinator.err()).contains("coord_m_1 holds 1 table", "postgres.public.mine");
        assertThat(datanode.err())
                .contains(
                        "data_m_1 holds 2 tables", "postgres.public.sample, postgres.public.yours");
        cluster.sql(2, "SET xl.allow_local = on; DROP TABLE mine");
        cluster.sqlOfSuperuser(cluster.data(3, "data"), "DROP TABLE yours");
    }

    @Test
    void refusesToRemoveTheLastGtm() throws Exception {
        Outcome refused = cluster.xlctl("remove", "gtm", "master").exits(4);

        assertThat(refused.err()).contains("gtm_m_1 is the last one").contains(SEVEN.split(" "));
    }

    @Test
    void keepsTheDirectoryOfARemovedNodeUnlessCleanIsSaid() throws Exception {
        cluster.xlctl(QuickstartCluster.datanode("kept", 1, 5511)).exits(0);
        cluster.xlctl(
                        "add",
                        "coordinator",
                        "master",
                        "c2",
                        "127.0.1.2",
                        "5502",
                        "none",
                        "c2",
                        "none",
                        "none")
                .exits(0);
        cluster.awaitCatalog(4, "c2 " + SEVEN + " kept");

        cluster.xlctl("remove", "datanode", "master", "kept").exits(0);
        cluster.xlctl("remove", "coordinator", "master", "c2", "clean").exits(0);

        assertThat(cluster.data(1, "kept").resolve("PG_VERSION")).exists();
        assertThat(cluster.data(1, "kept").resolve("postmaster.pid")).doesNotExist();
        assertThat(cluster.data(2, "c2")).doesNotExist();
        Outcome again = cluster.xlctl(QuickstartCluster.datanode("kept", 1, 5511)).exits(4);
        assertThat(again.err()).contains("is not empty");
    }

    @Test
    void stopsAndStartsAll() throws Exception {
        cluster.xlctl("stop", "all").exits(0);

        Outcome stopped = cluster.xlctl("monitor", "all").exits(1);
        assertThat(stopped.out().lines()).hasSize(7).allMatch(line -> line.startsWith("Not "));
        cluster.xlctl("stop", "all").exits(0);
        cluster.xlctl("start", "all").exits(0);
        cluster.xlctl("start", "all").exits(0);
    }

    @Test
    void startsANodeAgainThatWasKilled() throws Exception {
        ProcessHandle server = cluster.server(3, "data");

        cluster.xlctl("kill", "data_m_1").exits(0);

        assertThat(cluster.network().processes()).doesNotContain(server);
        assertThat(cluster.xlctl("monitor", "data_m_1").exits(1).out())
                .isEqualTo("Not running: datanode master data_m_1\n");
        cluster.xlctl("start", "data_m_1").exits(0);
        assertThat(cluster.xlctl("monitor", "data_m_1").exits(0).out())
                .isEqualTo("Running: datanode master data_m_1\n");
    }

    /** Datanodes d1 to d7 on the seven hosts; one of them gets a CONF file. */
    private static String[] sevenAdds(int special, String conf) {
        return IntStream.rangeClosed(1, 7)
                .mapToObj(
                        i ->
                                String.format(
                                        "add datanode master d%d 127.0.1.%d %d none d%d none %s none",
                                        i, i, 5500 + i, i, i == special ? conf : "none"))
                .toArray(String[]::new);
    }

    private void removeFirstFour() throws Exception {
        for (int i = 1; i <= 4; i++) {
            cluster.xlctl("remove", "datanode", "master", "d" + i, "clean").exits(0);
        }
    }
}
