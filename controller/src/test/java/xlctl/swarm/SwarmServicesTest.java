package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

class SwarmServicesTest {
    static final Patience SHORT =
            new Patience(
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofMillis(5),
                    () -> false);

    private static final HostName HOST = new HostName("db-1");

    private final InMemoryDocker docker = new InMemoryDocker();
    private final SwarmNames names = new SwarmNames(Specs.CLUSTER);
    private final SwarmServices services =
            new SwarmServices(docker, Specs.CLUSTER, Specs.IMAGE, SHORT);

    @BeforeEach
    void makeSurroundings() {
        docker.withImage(Specs.IMAGE);
        for (String network : List.of(names.clusterNetwork(), names.clientNetwork())) {
            docker.createNetwork(
                    new Docker.NetworkSpec(
                            new Docker.Labelled(network, names.labels(Part.NETWORK)),
                            true,
                            false,
                            true,
                            Optional.empty()));
        }
        for (String secret : SwarmFiles.SECRETS) {
            docker.createSecret(
                    new Docker.Labelled(names.secret(secret), names.labels(Part.SECRET)),
                    new byte[] {1});
        }
        docker.createConfig(
                new Docker.Labelled(
                        names.secret(SwarmFiles.AUTHORIZED_KEYS), names.labels(Part.SECRET)),
                new byte[] {1});
    }

    @Test
    void seesMembersNodesAndStrangers() {
        services.create(Specs.member("db-1"));
        docker.foreignService("c-1_web", Map.of());
        docker.volume("c-1_old", Map.of());

        SwarmView view = services.look();

        assertThat(view.unusable()).isEmpty();
        assertThat(view.nodes())
                .extracting(SwarmNode::hostname)
                .containsExactly(InMemoryDocker.NODE);
        assertThat(view.members())
                .containsOnly(
                        Map.entry(
                                HOST,
                                new SwarmView.Member(HOST, Optional.of(InMemoryDocker.NODE))));
        assertThat(view.foreignServices()).containsExactly("c-1_web");
        assertThat(view.volumes()).containsExactlyInAnyOrder("c-1_db-1", "c-1_old");
    }

    @Test
    void namesEverythingThatIsMissing() {
        SwarmView view =
                new SwarmServices(new InMemoryDocker(), Specs.CLUSTER, Specs.IMAGE, SHORT).look();

        assertThat(view.unusable())
                .extracting(Problem::what)
                .anyMatch(text -> text.contains("network c-1_cluster"))
                .anyMatch(text -> text.contains("network c-1_clients"))
                .anyMatch(text -> text.contains("secret c-1_agent-identity"))
                .anyMatch(text -> text.contains("config c-1_authorized-keys"))
                .anyMatch(text -> text.contains("no image image:1"));
    }

    @Test
    void aNetworkOfAStrangerIsNoneOfOurs() {
        InMemoryDocker other = new InMemoryDocker();
        other.createNetwork(
                new Docker.NetworkSpec(
                        new Docker.Labelled(names.clusterNetwork(), Map.of()),
                        true,
                        false,
                        true,
                        Optional.empty()));

        SwarmView view = new SwarmServices(other, Specs.CLUSTER, Specs.IMAGE, SHORT).look();

        assertThat(view.unusable())
                .extracting(Problem::what)
                .anyMatch(text -> text.contains("network c-1_cluster"));
    }

    @Test
    void withoutASwarmNothingElseIsAsked() {
        docker.outOfSwarm(Problem.of("this Docker engine is in no Swarm", "docker swarm init"));

        assertThat(services.look())
                .isEqualTo(
                        SwarmView.unusable(
                                Problem.of(
                                        "this Docker engine is in no Swarm", "docker swarm init")));
    }

    @Test
    void createsOnceAndLeavesWhatIsThere() {
        services.create(Specs.member("db-1"));
        services.create(Specs.member("db-1", "node.hostname==elsewhere"));

        assertThat(docker.specs(List.of("c-1_db-1"))).containsExactly(Specs.member("db-1"));
    }

    @Test
    void neverTakesOrRemovesAStrangersService() {
        docker.foreignService("c-1_db-1", Map.of(SwarmNames.CLUSTER_LABEL, "c-2"));

        assertThatThrownBy(() -> services.create(Specs.member("db-1")))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED));
        assertThatThrownBy(() -> services.remove(HOST)).isInstanceOf(DockerException.class);
        assertThat(docker.inventory()).anyMatch(name -> name.startsWith("service c-1_db-1"));
    }

    @Test
    void removesServiceAndVolumeAndDoesSoTwice() {
        var before = docker.inventory();
        services.create(Specs.member("db-1"));

        services.remove(HOST);
        services.remove(HOST);

        assertThat(docker.inventory()).isEqualTo(before);
    }

    @Test
    void aStrangersVolumeStays() {
        docker.volume("c-1_db-1", Map.of());

        services.remove(HOST);

        assertThat(docker.inventory()).contains("volume c-1_db-1");
    }

    @Test
    void tellsWhatKeepsAServiceFromRunning() {
        services.create(Specs.member("db-1"));
        services.create(Specs.member("db-2", "node.hostname==nowhere"));
        docker.failing("c-1_db-3", "task: non-zero exit (2)");
        services.create(Specs.member("db-3"));

        assertThat(services.trouble(HOST)).isEmpty();
        assertThat(services.trouble(new HostName("db-2")))
                .hasValueSatisfying(text -> assertThat(text).contains("no suitable node"));
        assertThat(services.trouble(new HostName("db-3")))
                .contains("it ended 3 times, the last time with: task: non-zero exit (2)");
        assertThat(services.trouble(new HostName("db-4"))).contains("there is no service c-1_db-4");
    }
}
