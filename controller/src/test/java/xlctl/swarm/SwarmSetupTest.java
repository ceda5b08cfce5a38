package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.Problem;

class SwarmSetupTest {
    private static final String NO_ESP = "Error: Requested AEAD algorithm not found.";

    private final InMemoryDocker docker = new InMemoryDocker();
    private final SwarmNames names = new SwarmNames(Specs.CLUSTER);
    private final SwarmSetup setup = new SwarmSetup(docker, Specs.CLUSTER, SwarmServicesTest.SHORT);
    private final SwarmTakeDown takeDown =
            new SwarmTakeDown(docker, Specs.CLUSTER, SwarmServicesTest.SHORT);

    @TempDir private Path directory;

    @BeforeEach
    void prepareEngine() throws IOException {
        docker.withImage(Specs.IMAGE);
        docker.at("unix://" + Files.createFile(directory.resolve("docker.sock")));
    }

    private static SwarmSetup.Wish wish(String image, boolean allowUnencrypted, String... subnets) {
        return new SwarmSetup.Wish(
                EngineKind.POSTGRESQL,
                new SwarmSettings(true, image, ServiceSpec.Limits.NONE, Duration.ofSeconds(60)),
                allowUnencrypted,
                subnets.length > 0 ? Optional.of(new Cidr(subnets[0])) : Optional.empty(),
                subnets.length > 1 ? Optional.of(new Cidr(subnets[1])) : Optional.empty(),
                List.of(new Cidr("192.168.1.0/24")));
    }

    private SwarmSetup.Result init(SwarmSetup.Wish wish) {
        return setup.init(wish, text -> {}, () -> false);
    }

    private SwarmSetup.Result init() {
        return init(wish(Specs.IMAGE, false));
    }

    private void refusesWith(SwarmSetup.Wish wish, String... reasons) {
        Set<String> before = docker.inventory();
        assertThatThrownBy(() -> init(wish))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED);
                            assertThat(e.problems()).hasSize(reasons.length);
                            assertThat(e).hasMessageContainingAll(reasons);
                        });
        assertThat(docker.inventory()).isEqualTo(before);
    }

    @Test
    void makesNetworksKeysAndBothServices() {
        SwarmSetup.Result result = init();

        assertThat(result.warnings()).isEmpty();
        assertThat(result.made()).hasSize(8);
        assertThat(docker.networks())
                .extracting(Docker.Network::name, Docker.Network::encrypted)
                .containsExactly(tuple("c-1_cluster", true), tuple("c-1_clients", false));
        ServiceSpec control = docker.specs(List.of("c-1_control")).get(0);
        assertThat(control.binds())
                .containsExactly(
                        new ServiceSpec.Bind(
                                directory.resolve("docker.sock").toString(),
                                "/var/run/docker.sock"));
        assertThat(control.constraints()).containsExactly("node.hostname==node-1");
        assertThat(control.environment())
                .contains(
                        new ServiceSpec.Variable("XLCTL_NETWORKS_CLUSTER", "10.0.1.0/24"),
                        new ServiceSpec.Variable(
                                "XLCTL_NETWORKS_CLIENTS", "10.0.2.0/24,192.168.1.0/24"),
                        new ServiceSpec.Variable("XLCTL_SWARM_STOP_GRACE", "60s"));
        assertThat(new String(docker.contents("c-1_ssh-key"), StandardCharsets.UTF_8))
                .contains("OPENSSH PRIVATE KEY");
        assertThat(new SwarmServices(docker, Specs.CLUSTER, Specs.IMAGE).look().unusable())
                .isEmpty();
    }

    @Test
    void noSecretIsInAService() {
        init();

        for (String secret :
                List.of("c-1_ssh-key", "c-1_zookeeper-identity", "c-1_agent-identity")) {
            String text = new String(docker.contents(secret), StandardCharsets.UTF_8);
            for (String line : text.lines().filter(line -> line.length() > 20).toList()) {
                assertThat(docker.inventory()).noneMatch(thing -> thing.contains(line));
            }
        }
    }

    @Test
    void doneAgainItKeepsEverything() {
        init();
        Set<String> before = docker.inventory();
        byte[] key = docker.contents("c-1_ssh-key");

        SwarmSetup.Result result = init();

        assertThat(result.made()).isEmpty();
        assertThat(result.changed()).isEmpty();
        assertThat(result.kept()).hasSize(8);
        assertThat(docker.inventory()).isEqualTo(before);
        assertThat(docker.contents("c-1_ssh-key")).isEqualTo(key);
    }

    @Test
    void anotherImageChangesBothServices() {
        init();
        docker.withImage("image:2");

        SwarmSetup.Result result = init(wish("image:2", false));

        assertThat(result.changed())
                .containsExactly("service c-1_zookeeper", "service c-1_control");
        assertThat(docker.specs(List.of("c-1_zookeeper", "c-1_control")))
                .extracting(ServiceSpec::image)
                .containsOnly("image:2");
    }

    @Test
    void anImageThatDoesNotRunIsTakenBack() {
        init();
        Set<String> before = docker.inventory();
        docker.withImage("image:2");
        docker.failing("c-1_control", "task: non-zero exit (1)");

        assertThatThrownBy(() -> init(wish("image:2", false)))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("c-1_control cannot run: it ended 3 times");

        assertThat(docker.inventory()).isEqualTo(before);
    }

    @Test
    void whateverFailsLeavesWhatWasThereBefore() {
        List<String> calls = new ArrayList<>();
        docker.beforeEach(calls::add);
        init();
        takeDown.remove(text -> {}, () -> false);
        List<String> steps = calls.stream().filter(call -> call.startsWith("create")).toList();
        assertThat(steps).hasSize(8);
        Set<String> before = docker.inventory();

        for (String step : steps) {
            docker.beforeEach(
                    call -> {
                        if (call.equals(step)) {
                            throw DockerException.failed("cut off: " + step, "");
                        }
                    });

            assertThatThrownBy(this::init).hasMessageContaining("cut off: " + step);
            docker.beforeEach(call -> {});
            assertThat(docker.inventory()).as(step).isEqualTo(before);
        }
    }

    /** Nothing that is tried from this call on reaches Docker. */
    private void killAt(String step) {
        boolean[] dead = {false};
        docker.beforeEach(
                call -> {
                    dead[0] |= call.equals(step);
                    if (dead[0]) {
                        throw new IllegalStateException("killed");
                    }
                });
    }

    @Test
    void aRunThatWasKilledAnywhereIsFinishedByTheNext() {
        List<String> calls = new ArrayList<>();
        docker.beforeEach(calls::add);
        init();
        takeDown.remove(text -> {}, () -> false);
        List<String> steps = calls.stream().filter(call -> call.startsWith("create")).toList();

        for (String step : steps) {
            killAt(step);
            assertThatThrownBy(this::init).hasMessageContaining("killed");
            docker.beforeEach(call -> {});

            assertThat(init().made()).as(step).isNotEmpty();
            assertThat(new SwarmServices(docker, Specs.CLUSTER, Specs.IMAGE).look().unusable())
                    .isEmpty();
            takeDown.remove(text -> {}, () -> false);
            assertThat(docker.inventory()).as(step).isEmpty();
        }
    }

    @Test
    void aServiceThatCannotRunIsToldAndEverythingTakenBack() {
        docker.failing("c-1_zookeeper", "task: non-zero exit (1)");

        assertThatThrownBy(this::init)
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("task: non-zero exit (1)");

        assertThat(docker.inventory()).isEmpty();
    }

    @Test
    void cancelledItTakesEverythingBack() {
        docker.failing("c-1_zookeeper", "first failure");
        boolean[] cancelled = {false};
        docker.beforeEach(call -> cancelled[0] |= call.startsWith("create service"));
        docker.createNetwork(
                new Docker.NetworkSpec(
                        new Docker.Labelled("other", Map.of()),
                        false,
                        false,
                        false,
                        Optional.empty()));
        Set<String> before = docker.inventory();

        assertThatThrownBy(() -> setup.init(wish(Specs.IMAGE, false), t -> {}, () -> cancelled[0]))
                .isInstanceOf(DockerException.class);

        assertThat(docker.inventory()).isEqualTo(before);
    }

    @Test
    void withoutASwarmItRefuses() {
        docker.outOfSwarm(Problem.of("this Docker engine is in no Swarm", "docker swarm init"));

        refusesWith(wish(Specs.IMAGE, false), "in no Swarm");
    }

    @Test
    void withoutTheImageItRefuses() {
        refusesWith(wish("image:9", false), "no image image:9");
    }

    @Test
    void anEngineElsewhereIsRefused() {
        docker.at("ssh://db@far");

        refusesWith(wish(Specs.IMAGE, false), "ssh://db@far");
    }

    @Test
    void everyStrangerIsNamed() {
        docker.foreignService("c-1_zookeeper", Map.of());
        docker.volume("c-1_control", Map.of());
        docker.createSecret(new Docker.Labelled("c-1_ssh-key", Map.of()), new byte[] {1});

        refusesWith(
                wish(Specs.IMAGE, false),
                "service c-1_zookeeper",
                "volume c-1_control",
                "secret c-1_ssh-key");
    }

    @Test
    void aSubnetInUseIsRefused() {
        docker.createNetwork(
                new Docker.NetworkSpec(
                        new Docker.Labelled("other", Map.of()),
                        false,
                        false,
                        false,
                        Optional.of(new Cidr("10.9.8.0/24"))));

        refusesWith(
                wish(Specs.IMAGE, false, "10.9.0.0/16", "10.9.1.0/24"),
                "the subnet 10.9.0.0/16 of --subnet overlaps that of Docker's network other",
                "--subnet and --client-subnet overlap");
    }

    @Test
    void aNetworkThatIsThereKeepsItsSubnet() {
        init();

        refusesWith(
                wish(Specs.IMAGE, false, "10.77.0.0/24"),
                "is there already with the subnet 10.0.1.0/24, not 10.77.0.0/24");
    }

    @Test
    void aKernelThatCannotEncryptIsRefusedUnlessAllowed() {
        docker.cannotEncrypt(NO_ESP);

        refusesWith(wish(Specs.IMAGE, false), NO_ESP);

        assertThat(init(wish(Specs.IMAGE, true)).warnings())
                .singleElement()
                .satisfies(
                        warning ->
                                assertThat(warning.what())
                                        .contains(
                                                "a second machine of the Swarm would get no data"));
        assertThat(docker.networks().get(0).encrypted()).isTrue();
    }

    @Test
    void onSeveralMachinesWithoutEncryptionTheNetworkIsPlainAndSaidSo() {
        docker.cannotEncrypt(NO_ESP);
        docker.withNode(new SwarmNode("id-2", "node-2", false, true, "ready active"));

        assertThat(init(wish(Specs.IMAGE, true)).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.what()).contains("NOT encrypted"));
        assertThat(docker.networks().get(0).encrypted()).isFalse();
    }

    @Test
    void lostKeysAreNotReplacedWhileSomethingNeedsThem() {
        init();
        docker.removeConfig("c-1_authorized-keys");

        refusesWith(wish(Specs.IMAGE, false), "c-1_authorized-keys is missing in Docker");
    }

    @Test
    void takenDownNothingIsLeftAndItMayBeDoneTwice() {
        docker.foreignService("c-1_web", Map.of());
        docker.volume("c-1_web", Map.of());
        Set<String> before = docker.inventory();
        init();
        new SwarmServices(docker, Specs.CLUSTER, Specs.IMAGE).create(Specs.member("db-1"));
        assertThat(takeDown.find())
                .contains("service c-1_db-1", "volume c-1_zookeeper")
                .doesNotContain("service c-1_web");

        assertThat(takeDown.remove(text -> {}, () -> false)).isEmpty();
        assertThat(takeDown.remove(text -> {}, () -> false)).isEmpty();

        assertThat(docker.inventory()).isEqualTo(before);
        assertThat(takeDown.find()).isEmpty();
    }

    @Test
    void aTakeDownThatWasKilledAnywhereIsFinishedByTheNext() {
        Set<String> before = docker.inventory();
        List<String> steps = new ArrayList<>();
        init();
        docker.beforeEach(steps::add);
        assertThat(takeDown.remove(text -> {}, () -> false)).isEmpty();
        docker.beforeEach(call -> {});
        assertThat(steps).hasSizeGreaterThan(5);

        for (String step : steps) {
            init();
            killAt(step);
            assertThatThrownBy(() -> takeDown.remove(text -> {}, () -> false))
                    .as(step)
                    .hasMessageContaining("killed");
            docker.beforeEach(call -> {});

            assertThat(takeDown.remove(text -> {}, () -> false)).as(step).isEmpty();
            assertThat(docker.inventory()).as(step).isEqualTo(before);
        }
    }

    @Test
    void afterATakeDownThatWasKilledOtherMachinesAreNamed() {
        docker.withNode(new SwarmNode("id-2", "node-2", false, true, "ready active"));
        init();
        killAt("remove network " + names.clusterNetwork());
        assertThatThrownBy(() -> takeDown.remove(text -> {}, () -> false))
                .hasMessageContaining("killed");
        docker.beforeEach(call -> {});

        assertThat(takeDown.remove(text -> {}, () -> false))
                .singleElement()
                .satisfies(
                        left -> {
                            assertThat(left.what())
                                    .endsWith("may be left on other machines of the Swarm: node-2");
                            assertThat(left.remedy()).contains("label=xlctl.cluster=c-1 |");
                        });
        assertThat(docker.inventory()).isEmpty();
    }

    @Test
    void clientsOnTheNetworkAreNamedBeforeAnythingIsRemoved() {
        init();
        docker.attach("psql-of-someone", names.clientNetwork());
        Set<String> before = docker.inventory();

        assertThatThrownBy(() -> takeDown.remove(text -> {}, () -> false))
                .isInstanceOfSatisfying(
                        DockerException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(DockerException.Kind.REFUSED);
                            assertThat(e).hasMessageContaining("psql-of-someone");
                        });
        assertThat(docker.inventory()).isEqualTo(before);

        docker.detach("psql-of-someone");
        takeDown.remove(text -> {}, () -> false);
        assertThat(docker.inventory()).isEmpty();
    }

    @Test
    void reportsWhatThereIs() {
        init();
        docker.failing("c-1_db-1", "task: non-zero exit (2)");
        new SwarmServices(docker, Specs.CLUSTER, Specs.IMAGE).create(Specs.member("db-1"));

        SwarmReport report = SwarmReport.of(docker, Specs.CLUSTER);

        assertThat(report.services())
                .extracting(SwarmReport.Service::name, SwarmReport.Service::state)
                .containsExactly(
                        tuple("c-1_zookeeper", "running"),
                        tuple("c-1_control", "running"),
                        tuple("c-1_db-1", "preparing"));
        assertThat(report.services().get(2).trouble())
                .hasValueSatisfying(text -> assertThat(text).contains("non-zero exit (2)"));
        assertThat(report.networks())
                .extracting(SwarmReport.Network::encrypted)
                .containsExactly(true, false);
        assertThat(report.warnings()).isEmpty();
    }
}
