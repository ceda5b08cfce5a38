package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What bears a cluster's names but not its label is somebody else's: refused, and left alone. */
@Tag("slow")
@Tag(DockerEngine.TAG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwarmStrangersIT {
    private SwarmCluster cluster;
    private DockerEngine engine;

    @BeforeAll
    void start(@TempDir(factory = ShortPath.class) Path work) {
        engine = DockerEngine.requiredSwarm(work);
        cluster = new SwarmCluster(engine, "strangers");
    }

    @AfterAll
    void end() throws Exception {
        if (cluster == null) {
            return;
        }
        remove();
        cluster.close();
    }

    /** What the tests made in the name of strangers. */
    private void remove() throws Exception {
        engine.docker("rm", "--force", cluster.named("guest"));
        engine.docker("service", "rm", cluster.named("member-1"));
        engine.docker("volume", "rm", cluster.named("member-2"));
        engine.docker("network", "rm", cluster.named("cluster"));
    }

    @Test
    void refusesAStrangersNetworkAndMakesNothing() throws Exception {
        String network =
                engine.docker("network", "create", "--driver=overlay", cluster.named("cluster"))
                        .exits(0)
                        .out();

        Outcome init = init().exits(4);
        Outcome script =
                cluster.script("network", "--image", engine.image(), "--allow-unencrypted")
                        .exits(4);

        assertThat(init.err()).contains(cluster.named("cluster"));
        assertThat(script.err()).contains(cluster.named("cluster"));
        requireNothing();
        cluster.outside("swarm", "down", "--yes").exits(0);
        assertThat(id("network", "cluster")).isEqualTo(network);
        engine.docker("network", "rm", cluster.named("cluster")).exits(0);
    }

    @Test
    void leavesStrangersServicesVolumesAndContainersAlone() throws Exception {
        init().exits(0);
        service("member-1");
        engine.docker("volume", "create", cluster.named("member-2")).exits(0);
        String before = strangers();

        assertThat(add("member-1").exits(4).err()).contains(cluster.named("member-1"));
        assertThat(add("member-2").exits(4).err()).contains(cluster.named("member-2"));
        for (String host : List.of("member-1", "member-2")) {
            assertThat(cluster.script("member", host, "--image", engine.image()).exits(4).err())
                    .contains(cluster.named(host));
        }
        assertThat(cluster.xlctl("swarm", "render").exits(0).out()).doesNotContain("member-");
        downIsRefusedWhileAGuestIsThere();

        cluster.outside("swarm", "down", "--yes").exits(0);

        requireNothing();
        assertThat(strangers()).isEqualTo(before);
        cluster.script("down", "--yes").exits(0);
        assertThat(strangers()).isEqualTo(before);
    }

    private void downIsRefusedWhileAGuestIsThere() throws Exception {
        engine.docker(
                        "run",
                        "--detach",
                        "--init",
                        "--name",
                        cluster.named("guest"),
                        "--network",
                        cluster.named("clients"),
                        "--entrypoint",
                        "sleep",
                        engine.image(),
                        "infinity")
                .exits(0);

        assertThat(cluster.outside("swarm", "down", "--yes").exits(4).err())
                .contains(cluster.named("guest"));

        assertThat(cluster.labelled("service")).hasSize(2);
        cluster.xlctl("monitor", "all").exits(0);
        engine.docker("rm", "--force", cluster.named("guest")).exits(0);
    }

    private Outcome init() throws Exception {
        return cluster.outside("swarm", "init", "--image", engine.image(), "--allow-unencrypted");
    }

    private Outcome add(String host) throws Exception {
        return cluster.xlctl("add", "gtm", "master", "gtm_m_1", host, "5432", "gtm", "--swarm");
    }

    private void service(String part) throws Exception {
        engine.docker(
                        "service",
                        "create",
                        "--detach",
                        "--no-resolve-image",
                        "--endpoint-mode=dnsrr",
                        "--name",
                        cluster.named(part),
                        engine.image(),
                        "control")
                .exits(0);
    }

    /** As they are, with the time of their last change. */
    private String strangers() throws Exception {
        return id("service", "member-1")
                + engine.docker("service", "inspect", cluster.named("member-1")).exits(0).out()
                + engine.docker("volume", "inspect", cluster.named("member-2")).exits(0).out();
    }

    private String id(String kind, String part) throws Exception {
        return engine.docker(kind, "inspect", "--format", "{{.ID}}", cluster.named(part))
                .exits(0)
                .out();
    }

    private void requireNothing() throws Exception {
        for (String kind : SwarmCluster.KINDS) {
            assertThat(cluster.labelled(kind)).as(kind).isEmpty();
        }
    }
}
