package xlctl.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import xlctl.shell.home.NewHome;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.Port;

/** ZooKeeper, a control and a member in containers of one network, put together without a Swarm. */
final class ContainerCluster implements AutoCloseable {
    static final ClusterName NAME = new ClusterName("contained-1");
    static final String HOST = "member-1";
    static final int AGENT_PORT = 7422;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DockerEngine engine;
    private final NewHome home;
    private final Network network;
    private final Part zooKeeper;
    private final Part control;
    private final Part member;

    /** A container that has its secrets when it starts. */
    private final class Part extends GenericContainer<Part> {
        private final Map<String, Path> secrets;
        private final Map<String, Path> configs;

        Part(String host, Map<String, Path> secrets, Map<String, Path> configs, String... words) {
            super(DockerImageName.parse(engine.image()));
            this.secrets = secrets;
            this.configs = configs;
            withImagePullPolicy(image -> false);
            withNetwork(network);
            withNetworkAliases(host);
            withCreateContainerCmdModifier(create -> create.withHostName(host));
            withCommand(words);
            waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
        }

        @Override
        protected void containerIsCreated(String id) {
            try {
                for (Map.Entry<String, Path> secret : secrets.entrySet()) {
                    engine.copyIn(secret.getValue(), id, "/run/secrets", secret.getKey());
                }
                for (Map.Entry<String, Path> config : configs.entrySet()) {
                    engine.copyIn(config.getValue(), id, "/run/configs", config.getKey());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("putting secrets into a container", e);
            }
        }
    }

    private ContainerCluster(DockerEngine engine, NewHome home, Network network, String subnet) {
        this.engine = engine;
        this.network = network;
        this.home = home;
        this.zooKeeper = new Part("zookeeper", Map.of(), Map.of(), "zookeeper");
        this.control =
                new Part(
                                "control",
                                Map.of(
                                        "ssh-key",
                                        home.sshKey(),
                                        "zookeeper-identity",
                                        home.identity()),
                                Map.of(),
                                "control")
                        .withEnv("XLCTL_HOME", "/var/lib/xlctl")
                        .withEnv("XLCTL_CLUSTER", NAME.value())
                        .withEnv("XLCTL_ZOOKEEPER", "zookeeper:2181")
                        .withEnv("XLCTL_SSH_KEY", "/run/secrets/ssh-key")
                        .withEnv("XLCTL_ZOOKEEPER_IDENTITY", "/run/secrets/zookeeper-identity");
        this.member =
                new Part(
                                HOST,
                                Map.of("agent-identity", home.agentIdentity()),
                                Map.of("authorized-keys", home.sshPublicKey()),
                                "member",
                                "--cluster",
                                NAME.value(),
                                "--host",
                                HOST,
                                "--zookeeper",
                                "zookeeper:2181",
                                "--network",
                                subnet)
                        .withEnv("XLCTL_PLACE", "machine-1")
                        .withExposedPorts(AGENT_PORT);
    }

    /** All of them healthy. */
    static ContainerCluster start(DockerEngine engine) throws IOException, InterruptedException {
        NewHome home =
                new NewHome(
                        engine.work().resolve("home"),
                        NAME,
                        "zookeeper:2181",
                        EngineKind.POSTGRESQL,
                        Networks.plain(List.of(), List.of()));
        home.create();
        Network network = Network.newNetwork();
        String subnet =
                engine.docker(
                                "network",
                                "inspect",
                                "--format",
                                "{{(index .IPAM.Config 0).Subnet}}",
                                network.getId())
                        .exits(0)
                        .out()
                        .strip();
        ContainerCluster cluster = new ContainerCluster(engine, home, network, subnet);
        try {
            cluster.zooKeeper.start();
            cluster.control.start();
            cluster.member.start();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    NewHome home() {
        return home;
    }

    String memberId() {
        return member.getContainerId();
    }

    HostPort agent() {
        return new HostPort(new HostName("127.0.0.1"), new Port(member.getMappedPort(AGENT_PORT)));
    }

    /** The shell, in the control container. */
    Outcome xlctl(String... words) throws IOException, InterruptedException {
        return engine.docker(
                Stream.concat(
                                Stream.of("exec", control.getContainerId(), "xlctl"),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    /** A program in the member's container. */
    Outcome inMember(String... words) throws IOException, InterruptedException {
        return engine.docker(
                Stream.concat(Stream.of("exec", memberId()), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** starting, healthy, unhealthy. */
    String health() throws IOException, InterruptedException {
        return state("{{.State.Health.Status}}");
    }

    String state(String format) throws IOException, InterruptedException {
        return engine.docker("inspect", "--format", format, memberId()).exits(0).out().strip();
    }

    void awaitHealthy() {
        await().atMost(PATIENCE).until(this::health, "healthy"::equals);
    }

    void awaitRunning(String line) {
        await().atMost(PATIENCE).until(() -> xlctl("monitor", "all").out(), line::equals);
    }

    @Override
    public void close() {
        member.stop();
        control.stop();
        zooKeeper.stop();
        network.close();
    }
}
