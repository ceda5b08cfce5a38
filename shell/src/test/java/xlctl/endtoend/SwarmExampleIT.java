package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/swarm.md, as it is. */
@Tag(DockerEngine.TAG)
@Tag("slow")
class SwarmExampleIT {
    private static final String CLUSTER = "example-1";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir(factory = ShortPath.class)
    private Path work;

    private DockerEngine engine;

    @BeforeEach
    void findEngine() {
        engine = DockerEngine.requiredSwarm(work);
    }

    @AfterEach
    void takeDown() throws Exception {
        if (engine != null) {
            run(Map.of(), "swarm/down", CLUSTER, "--yes");
        }
    }

    @Test
    void makesAClusterThatOutlivesItsContainers() throws Exception {
        Outcome outcome =
                run(
                                Map.of("NETWORK_OPTIONS", "--allow-unencrypted"),
                                "examples/swarm.bash",
                                CLUSTER,
                                "postgresql",
                                engine.image())
                        .exits(0);

        assertThat(outcome.out())
                .contains("Running: datanode master data_m_3")
                .contains("coord_m_3 | C ")
                .contains("(6 rows)")
                .contains("data-m-1 is not known here", "the agent does not listen here")
                .contains("network example-1_cluster not manually attachable");
    }

    private Outcome run(Map<String, String> environment, String... words) throws Exception {
        return RunningProgram.start(work, ROOT, environment, List.of(words)).end();
    }
}
