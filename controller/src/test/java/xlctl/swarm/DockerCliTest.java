package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;

/** A real engine, where XLCTL_TEST_DOCKER says that tests may use it. */
@Tag("docker")
class DockerCliTest extends DockerContract {
    private final Docker docker = DockerCli.ofThisMachine();
    private final ClusterName cluster = new ClusterName("dk-" + ProcessHandle.current().pid());

    @BeforeEach
    void requireEngine() {
        assumeTrue(System.getenv("XLCTL_TEST_DOCKER") != null, "no Docker engine for tests");
        assumeTrue(System.getenv("XLCTL_TEST_IMAGE") != null, "no image for tests");
    }

    @AfterEach
    void leaveNothing() {
        if (System.getenv("XLCTL_TEST_DOCKER") != null) {
            removeAll();
        }
    }

    @Override
    Docker docker() {
        return docker;
    }

    @Override
    ClusterName cluster() {
        return cluster;
    }

    @Override
    String image() {
        return System.getenv("XLCTL_TEST_IMAGE");
    }

    @Test
    void anEngineThatIsNotThereIsUnreachable() {
        Docker nowhere =
                DockerCli.with("docker", Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock"));

        for (Runnable call : List.<Runnable>of(nowhere::engine, nowhere::networks)) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            DockerException.class,
                            e -> {
                                assertThat(e.kind()).isEqualTo(DockerException.Kind.UNREACHABLE);
                                assertThat(e.problem().remedy()).contains("start the engine");
                            });
        }
    }

    @Test
    void aSubnetThatOverlapsAnothersIsNeverGiven() {
        docker.createNetwork(network(names().clusterNetwork()));
        Docker.Network first = found(names().clusterNetwork()).orElseThrow();

        docker.createNetwork(
                new Docker.NetworkSpec(
                        new Docker.Labelled(names().clientNetwork(), names().labels(Part.NETWORK)),
                        false,
                        true,
                        false,
                        first.subnets().stream().findFirst()));

        assertThat(found(names().clientNetwork()).orElseThrow().subnets()).isEmpty();
    }
}
