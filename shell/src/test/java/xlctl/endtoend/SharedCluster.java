package xlctl.endtoend;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests on one running quickstart, which each of them leaves whole, with its seven nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedCluster {
    static final String SEVEN = "coord_m_1 coord_m_2 coord_m_3 data_m_1 data_m_2 data_m_3";

    QuickstartCluster cluster;

    @BeforeAll
    void bringUp(@TempDir(factory = ShortPath.class) Path work) throws Exception {
        cluster = QuickstartCluster.in(work);
        cluster.quickstart().exits(0);
    }

    @AfterEach
    void hasItsNodesAlone() {
        cluster.awaitCatalog(2, SEVEN);
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
