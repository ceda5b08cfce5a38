package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;

/**
 * A cluster's surroundings on a real engine, where XLCTL_TEST_DOCKER says that tests may use it.
 */
@Tag("docker")
class SwarmOnEngineTest {
    private final Docker docker = DockerCli.ofThisMachine();
    private final ClusterName cluster = new ClusterName("dk-s" + ProcessHandle.current().pid());
    private final String image = System.getenv("XLCTL_TEST_IMAGE");
    private final SwarmTakeDown takeDown = new SwarmTakeDown(docker, cluster);

    @BeforeEach
    void requireEngine() {
        assumeTrue(System.getenv("XLCTL_TEST_DOCKER") != null, "no Docker engine for tests");
        assumeTrue(image != null, "no image for tests");
    }

    @AfterEach
    void leaveNothing() {
        if (System.getenv("XLCTL_TEST_DOCKER") != null && image != null) {
            takeDown.remove(text -> {}, () -> false);
        }
    }

    private SwarmSetup.Result init(String memory) {
        SwarmSettings settings =
                new SwarmSettings(
                        true,
                        image,
                        new ServiceSpec.Limits(Optional.of(memory), Optional.empty()),
                        Duration.ofSeconds(10));
        return new SwarmSetup(docker, cluster)
                .init(
                        new SwarmSetup.Wish(
                                EngineKind.POSTGRESQL,
                                settings,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                List.of()),
                        text -> {},
                        () -> false);
    }

    @Test
    void isSetUpChangedShownAndTakenDown() throws Exception {
        assertThat(init("1g").made()).hasSize(8);
        assertThat(init("1g").kept()).hasSize(8);
        assertThat(init("1200m").changed()).hasSize(2);
        assertThat(new SwarmServices(docker, cluster, image).look().unusable()).isEmpty();
        SwarmReport report = SwarmReport.of(docker, cluster);
        assertThat(report.services()).hasSize(2).allMatch(SwarmReport.Service::running);
        assertThat(report.networks())
                .anySatisfy(network -> assertThat(network.encrypted()).isTrue());
        assertThat(inspected(report)).doesNotContain("PRIVATE KEY", "password");
        assertThat(StackFile.of(docker, cluster)).contains("hostname: control");

        assertThat(takeDown.remove(text -> {}, () -> false)).isEmpty();

        assertThat(takeDown.find()).isEmpty();
        assertThat(docker.containers(cluster + "_control")).isEmpty();
    }

    private static String inspected(SwarmReport report) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("docker", "service", "inspect"));
        report.services().forEach(service -> words.add(service.name()));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }

    @Test
    void aMemberThatCannotRunIsToldAndRemovedWithItsVolume() {
        init("1g");
        SwarmServices services = new SwarmServices(docker, cluster, image);
        HostName host = new HostName("db-1");
        ServiceSpec broken =
                new ServiceSpec(
                        cluster,
                        Part.MEMBER,
                        host,
                        image,
                        List.of("nonsense"),
                        List.of(),
                        List.of(cluster + "_cluster"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        ServiceSpec.Limits.NONE,
                        Duration.ofSeconds(2));
        services.create(broken);

        await().atMost(DockerContract.LONG).until(() -> services.trouble(host).isPresent());
        assertThat(services.trouble(host))
                .hasValueSatisfying(text -> assertThat(text).contains("non-zero exit (2)"));
        assertThat(services.look().members()).containsKey(host);
        assertThatThrownBy(() -> docker.removeVolume(broken.volume()))
                .isInstanceOf(DockerException.class);
        services.remove(host);
        services.remove(host);

        assertThat(services.look().members()).isEmpty();
        assertThat(services.look().volumes()).doesNotContain(broken.volume());
    }
}
