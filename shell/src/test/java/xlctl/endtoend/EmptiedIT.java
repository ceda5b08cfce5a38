package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** ZooKeeper loses its data in the middle of a command, while clients use the cluster. */
@Tag("slow")
class EmptiedIT extends SharedCluster {
    private static final String[] ADD = QuickstartCluster.datanode("data_m_9", 4, 5439);

    @Test
    void isNoticedAndRefusedAndMadeGoodByARestore() throws Exception {
        Path backup = cluster.home().resolveSibling("cluster.backup");
        cluster.xlctl("backup", backup.toString()).exits(0);
        RunningProgram add = cluster.start(ADD).awaitProgress("initdb in");
        cluster.loseZooKeeper();

        Outcome again = cluster.quickstart();
        Outcome ended = add.end();

        assertThat(again.exit()).isNotZero();
        assertThat(ended.exit()).as("%s", ended).isIn(1, 3, 4);
        assertThat(ended.out()).doesNotContain(": done");
        assertThat(cluster.catalog(2)).isEqualTo(SEVEN);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () ->
                                assertThat(cluster.xlctl("stop", "data_m_1").exits(4).err())
                                        .contains("ZooKeeper", "restore FILE"));

        cluster.xlctl("restore", backup.toString()).exits(0);

        cluster.awaitHealth();
        assertThat(cluster.xlctl("operation", "list").exits(0).out())
                .doesNotContain("running", "stuck");
        cluster.xlctl(QuickstartCluster.datanode("data_m_8", 5, 5438)).exits(0);
        cluster.xlctl("remove", "datanode", "master", "data_m_8", "clean").exits(0);
    }
}
