package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.Port;

/** What every {@link Docker} does. Each test leaves nothing of the cluster behind. */
abstract class DockerContract {
    static final Duration LONG = Duration.ofSeconds(40);

    /** A manager of a Swarm of one machine. */
    abstract Docker docker();

    /** A cluster of which nothing is there. */
    abstract ClusterName cluster();

    /** One of xlctl that the engine has; its part control does nothing but wait. */
    abstract String image();

    SwarmNames names() {
        return new SwarmNames(cluster());
    }

    Docker.NetworkSpec network(String name) {
        return new Docker.NetworkSpec(
                new Docker.Labelled(name, names().labels(Part.NETWORK)),
                true,
                false,
                true,
                Optional.empty());
    }

    ServiceSpec waiting(String host, List<String> constraints) {
        return new ServiceSpec(
                cluster(),
                Part.MEMBER,
                new HostName(host),
                image(),
                List.of("control"),
                List.of(new ServiceSpec.Variable("WORDS", "one, \"two\" = three")),
                List.of(names().clusterNetwork()),
                List.of("agent-identity"),
                List.of("authorized-keys"),
                List.of(new ServiceSpec.Bind("/tmp", "/outside")),
                List.of(44),
                constraints,
                Optional.of(new ServiceSpec.PublishedPort(new Port(15997), new Port(5432))),
                new ServiceSpec.Limits(Optional.of("256m"), Optional.of("0.5")),
                Duration.ofSeconds(1));
    }

    private void makeSurroundings() {
        docker().createNetwork(network(names().clusterNetwork()));
        docker().createSecret(
                        new Docker.Labelled(
                                names().secret("agent-identity"), names().labels(Part.SECRET)),
                        "hidden".getBytes(StandardCharsets.UTF_8));
        docker().createConfig(
                        new Docker.Labelled(
                                names().secret("authorized-keys"), names().labels(Part.SECRET)),
                        "a key".getBytes(StandardCharsets.UTF_8));
    }

    void removeAll() {
        Removal removal =
                new Removal(
                        docker(),
                        names(),
                        new Patience(LONG, LONG, Duration.ofMillis(100), () -> false));
        removal.services(
                docker().services(names().prefix()).stream().map(Docker.Labelled::name).toList());
        docker().volumes(names().prefix()).forEach(volume -> removal.volume(volume.name()));
        docker().secrets(names().prefix()).forEach(one -> docker().removeSecret(one.name()));
        docker().configs(names().prefix()).forEach(one -> docker().removeConfig(one.name()));
        removal.networks(List.of(names().clusterNetwork(), names().clientNetwork()));
    }

    @Test
    void knowsItsSwarm() {
        Docker.Engine engine = docker().engine();

        assertThat(engine.swarm()).isEmpty();
        assertThat(engine.endpoint()).startsWith("unix:///");
        assertThat(docker().nodes())
                .anySatisfy(
                        node -> {
                            assertThat(node.id()).isEqualTo(engine.nodeId());
                            assertThat(node.hostname()).isEqualTo(engine.hostname());
                            assertThat(node.ready()).isTrue();
                            assertThat(node.manager()).isTrue();
                        });
    }

    @Test
    void tellsWhetherItHasAnImage() {
        assertThat(docker().hasImage(image())).isTrue();
        assertThat(docker().hasImage("dk-there/is-none:1")).isFalse();
    }

    @Test
    void aNetworkIsAsItWasMade() {
        Docker.NetworkSpec wanted =
                new Docker.NetworkSpec(
                        new Docker.Labelled(names().clusterNetwork(), names().labels(Part.NETWORK)),
                        true,
                        false,
                        true,
                        Optional.of(new Cidr("10.213.7.0/24")));

        docker().createNetwork(wanted);

        Docker.Network made = found(names().clusterNetwork()).orElseThrow();
        assertThat(made.called()).isEqualTo(wanted.called());
        assertThat(made.encrypted()).isTrue();
        assertThat(made.subnets()).containsExactly(new Cidr("10.213.7.0/24"));
        assertThat(docker().usersOf(made)).isEmpty();
        assertThatThrownBy(() -> docker().createNetwork(wanted))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED));
        docker().removeNetwork(names().clusterNetwork());
        docker().removeNetwork(names().clusterNetwork());
        assertThat(found(names().clusterNetwork())).isEmpty();
    }

    @Test
    void secretsAndConfigsAreFoundByTheirLabels() {
        makeSurroundings();

        assertThat(docker().secrets(names().prefix()))
                .containsExactly(
                        new Docker.Labelled(
                                names().secret("agent-identity"), names().labels(Part.SECRET)));
        assertThat(docker().configs(names().prefix()))
                .containsExactly(
                        new Docker.Labelled(
                                names().secret("authorized-keys"), names().labels(Part.SECRET)));
        removeAll();
        docker().removeSecret(names().secret("agent-identity"));
        docker().removeConfig(names().secret("authorized-keys"));
        assertThat(docker().secrets(names().prefix())).isEmpty();
        assertThat(docker().configs(names().prefix())).isEmpty();
    }

    @Test
    void aServiceIsReadBackAsItWasMadeAndRuns() {
        makeSurroundings();
        ServiceSpec spec =
                waiting("db-1", List.of("node.hostname==" + docker().engine().hostname()));

        docker().createService(spec);

        assertThat(docker().specs(List.of(spec.name()))).containsExactly(spec);
        assertThat(docker().services(names().prefix()))
                .containsExactly(new Docker.Labelled(spec.name(), ServiceWords.labels(spec)));
        assertThat(docker().usersOf(found(names().clusterNetwork()).orElseThrow()))
                .contains(spec.name());
        await().atMost(LONG).until(() -> runs(spec.name()));
        Docker.Task task = docker().tasks(List.of(spec.name())).get(0);
        assertThat(task.nodeId()).contains(docker().engine().nodeId());
        assertThat(docker().tasksById(List.of(task.id()))).hasSize(1);
        assertThat(docker().containers(spec.name())).hasSize(1);
        assertThat(docker().volumes(names().prefix()))
                .containsExactly(new Docker.Labelled(spec.volume(), ServiceWords.labels(spec)));
        assertThatThrownBy(() -> docker().createService(spec))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED));
        assertThatThrownBy(() -> docker().removeSecret(names().secret("agent-identity")))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED));
        removeAll();
        assertThat(docker().services(names().prefix())).isEmpty();
        assertThat(docker().containers(spec.name())).isEmpty();
        assertThat(docker().volumes(names().prefix())).isEmpty();
        assertThat(found(names().clusterNetwork())).isEmpty();
    }

    @Test
    void aServiceTakesOtherLimitsAndVariables() {
        makeSurroundings();
        ServiceSpec was = waiting("db-1", List.of());
        docker().createService(was);
        ServiceSpec is =
                new ServiceSpec(
                        was.cluster(),
                        was.part(),
                        was.host(),
                        was.image(),
                        was.arguments(),
                        List.of(new ServiceSpec.Variable("OTHER", "x")),
                        was.networks(),
                        was.secrets(),
                        was.configs(),
                        was.binds(),
                        was.groups(),
                        was.constraints(),
                        was.published(),
                        new ServiceSpec.Limits(Optional.of("512m"), Optional.empty()),
                        Duration.ofSeconds(2));

        docker().updateService(was, is);

        assertThat(docker().specs(List.of(was.name()))).containsExactly(is);
        removeAll();
    }

    @Test
    void saysWhyNoMachineSuits() {
        makeSurroundings();
        ServiceSpec spec = waiting("db-1", List.of("node.hostname==nowhere"));
        docker().createService(spec);

        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(ServiceTrouble.of(docker().tasks(List.of(spec.name()))))
                                        .hasValueSatisfying(
                                                text ->
                                                        assertThat(text)
                                                                .contains("no suitable node")));
        removeAll();
    }

    @Test
    void whatIsNotThereIsRemovedAlready() {
        docker().removeService(names().prefix() + "none");
        docker().removeVolume(names().prefix() + "none");
        docker().removeNetwork(names().prefix() + "none");

        assertThat(docker().tasks(List.of(names().prefix() + "none"))).isEmpty();
        assertThat(docker().tasksById(List.of("nosuchtask"))).isEmpty();
        assertThat(docker().specs(List.of(names().prefix() + "none"))).isEmpty();
    }

    Optional<Docker.Network> found(String name) {
        return docker().networks().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private boolean runs(String service) {
        return docker().tasks(List.of(service)).stream().anyMatch(Docker.Task::running);
    }
}
