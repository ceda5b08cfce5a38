package xlctl.shell.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ControllerSettings;
import xlctl.plan.FoundingSetting;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.TlsVersion;

class SettingsTest {
    @TempDir private Path directory;

    @Test
    void aHomeWithoutAFileHasTheDefaults() {
        Settings settings = read(Map.of("XLCTL_CLUSTER", "c"), Map.of());

        assertThat(settings.forController())
                .isEqualTo(
                        new ControllerSettings(
                                new ClusterName("c"),
                                "127.0.0.1:2181",
                                directory.resolve("zookeeper-identity"),
                                directory.resolve("ssh-key"),
                                EngineKind.POSTGRESQL,
                                Networks.HOSTS_ONLY.with(TlsVersion.TLS_1_2),
                                Map.of(),
                                new SwarmSettings(
                                        false,
                                        "xlctl:" + ProgramVersion.number(),
                                        ServiceSpec.Limits.NONE,
                                        Duration.ofSeconds(60)),
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(15)));
    }

    @Test
    void readsEveryKeyOfTheFile() throws IOException {
        write(
                """
                cluster: postgresql-1
                zookeeper: zk-1:2181,zk-2:2181
                zookeeper-identity: keys/zk
                ssh-key: /etc/xlctl/key
                engine: postgres-xl
                networks:
                  cluster: [10.0.0.0/8, 127.0.0.0/8]
                  clients:
                    - 192.168.1.0/24
                swarm:
                  services: yes
                  image: registry.example:5000/xlctl:1
                  memory: 2g
                  cpus: 1.5
                  stop-grace: 90s
                observation-deadline: 500ms
                step-timeout: 30s
                wait: 0s
                """);

        assertThat(read(Map.of(), Map.of()).forController())
                .isEqualTo(
                        new ControllerSettings(
                                new ClusterName("postgresql-1"),
                                "zk-1:2181,zk-2:2181",
                                directory.resolve("keys/zk"),
                                Path.of("/etc/xlctl/key"),
                                EngineKind.POSTGRES_XL,
                                Networks.plain(
                                        List.of(new Cidr("10.0.0.0/8"), new Cidr("127.0.0.0/8")),
                                        List.of(new Cidr("192.168.1.0/24"))),
                                Map.of(
                                        FoundingSetting.ENGINE,
                                        directory.resolve("xlctl.yaml") + ":5:9",
                                        FoundingSetting.CLUSTER_NETWORKS,
                                        directory.resolve("xlctl.yaml") + ":7:12",
                                        FoundingSetting.CLIENT_NETWORKS,
                                        directory.resolve("xlctl.yaml") + ":9:5"),
                                new SwarmSettings(
                                        true,
                                        "registry.example:5000/xlctl:1",
                                        new ServiceSpec.Limits(
                                                Optional.of("2g"), Optional.of("1.5")),
                                        Duration.ofSeconds(90)),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(30),
                                Duration.ZERO));
    }

    @Test
    void aFileThatIsNoPathIsNamedWithWhereItWasSaid() {
        Settings settings =
                read(Map.of("XLCTL_CLUSTER", "c", "XLCTL_SSH_KEY", "no\0path"), Map.of());

        assertThat(
                        catchThrowableOfType(SettingsException.class, settings::forController)
                                .problems())
                .singleElement()
                .asString()
                .startsWith("XLCTL_SSH_KEY: ssh-key is ")
                .contains("not a path");
    }

    @Test
    void aVariableOverridesTheFileAndAnOptionBoth() throws IOException {
        write("cluster: of-file\nzookeeper: file:1\nengine: opentenbase\n");

        Settings settings =
                read(
                        Map.of("XLCTL_CLUSTER", "of-env", "XLCTL_ZOOKEEPER", "env:2"),
                        Map.of(Key.CLUSTER, "of-option"));

        assertThat(settings.all())
                .contains(
                        new Settings.Setting(Key.CLUSTER, "of-option", "--cluster"),
                        new Settings.Setting(Key.ZOOKEEPER, "env:2", "XLCTL_ZOOKEEPER"),
                        new Settings.Setting(
                                Key.ENGINE,
                                "opentenbase",
                                directory.resolve("xlctl.yaml") + ":3:9"),
                        new Settings.Setting(Key.STEP_TIMEOUT, "5m", "default"));
    }

    @Test
    void listsInVariablesHaveCommasBetweenThem() {
        Settings settings =
                read(
                        Map.of(
                                "XLCTL_CLUSTER", "c",
                                "XLCTL_NETWORKS_CLIENTS", "10.1.0.0/16, 10.2.0.0/16"),
                        Map.of());

        assertThat(settings.forController().networks().clients())
                .containsExactly(new Cidr("10.1.0.0/16"), new Cidr("10.2.0.0/16"));
    }

    @Test
    void tlsIsOnForTheStockEngineOutsideASwarmUnlessSaidOtherwise() {
        assertThat(tls(Map.of())).contains(TlsVersion.TLS_1_2);
        assertThat(tls(Map.of("XLCTL_SWARM_SERVICES", "yes"))).isEmpty();
        assertThat(tls(Map.of("XLCTL_ENGINE", "postgres-xl"))).isEmpty();
        assertThat(tls(Map.of("XLCTL_NETWORKS_TLS", "no"))).isEmpty();
        assertThat(tls(Map.of("XLCTL_NETWORKS_TLS", "1.3", "XLCTL_SWARM_SERVICES", "yes")))
                .contains(TlsVersion.TLS_1_3);
    }

    @Test
    void tlsIsRefusedForAnEngineThatDoesNotSpeakItAndForVersionsThatAreNotThere() {
        assertThatThrownBy(
                        () ->
                                tls(
                                        Map.of(
                                                "XLCTL_NETWORKS_TLS",
                                                "1.2",
                                                "XLCTL_ENGINE",
                                                "opentenbase")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("XLCTL_NETWORKS_TLS: networks.tls is 1.2, but the servers")
                .hasMessageContaining("opentenbase");
        assertThatThrownBy(() -> tls(Map.of("XLCTL_NETWORKS_TLS", "1.1")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("\"1.1\" is neither 1.2 nor 1.3");
    }

    private Optional<TlsVersion> tls(Map<String, String> variables) {
        return read(variables, Map.of(Key.CLUSTER, "c")).forController().networks().tls();
    }

    @Test
    void tellsEverythingThatIsWrongWithItsOrigin() throws IOException {
        write(
                """
                cluter: a
                zookeeper: nowhere
                networks:
                  cluster: [10.0.0.1/8]
                step-timeout: soon
                """);

        SettingsException e =
                catchThrowableOfType(
                        SettingsException.class,
                        () -> read(Map.of("XLCTL_ENGINE", "mysql"), Map.of(Key.CLUSTER, "A_B")));

        String file = directory.resolve("xlctl.yaml").toString();
        assertThat(e.problems())
                .containsExactly(
                        file + ":1:1: \"cluter\" is not known: did you mean \"cluster\"?",
                        file
                                + ":2:12: zookeeper: \"nowhere\" is not HOST:PORT, as in db-1.example:7422",
                        file
                                + ":4:13: networks.cluster: \"10.0.0.1/8\" is not a network: it has bits set beyond /8",
                        file
                                + ":5:15: step-timeout: \"soon\" is not a time: a whole number with ms, s or m, as in 2s",
                        "XLCTL_ENGINE: \"mysql\" is not an engine: postgresql, postgres-xl, opentenbase",
                        "--cluster: \"A_B\" is not a cluster name: 1 to 63 of a-z, 0-9 and '-', not at an end, as in postgresql-1");
    }

    @Test
    void tellsWhatIsWrongOfServices() throws IOException {
        write(
                """
                swarm:
                  services: true
                  image: my image
                  memory: 2G
                  cpus: 0.0
                  limit: 1
                """);

        SettingsException e =
                catchThrowableOfType(SettingsException.class, () -> read(Map.of(), Map.of()));

        String file = directory.resolve("xlctl.yaml").toString();
        assertThat(e.problems())
                .containsExactly(
                        file + ":2:13: swarm.services: \"true\" is neither yes nor no",
                        file
                                + ":3:10: swarm.image: \"my image\" is not an image: NAME:TAG, as in xlctl:1.0",
                        file
                                + ":4:11: swarm.memory: \"2G\" is not an amount of memory: a whole number with b, k, m or g, as in 2g",
                        file
                                + ":5:9: swarm.cpus: \"0.0\" is not a number of processors: more than 0, as in 1.5",
                        file
                                + ":6:3: \"limit\" is not known below swarm: known are services, image, memory, cpus, stop-grace");
    }

    @Test
    void saysWhatToDoWhenNoClusterIsNamed() {
        Settings settings = read(Map.of(), Map.of());

        assertThat(settings.cluster()).isEmpty();
        assertThatThrownBy(settings::forController)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("no cluster is named")
                .hasMessageContaining(directory.resolve("xlctl.yaml").toString())
                .hasMessageContaining("XLCTL_CLUSTER")
                .hasMessageContaining("--cluster NAME");
    }

    @Test
    void refusesAFileThatIsNoText() throws IOException {
        Files.write(directory.resolve("xlctl.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> read(Map.of(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void findsTheHomeByOptionThenVariableThenUser() {
        Map<String, String> environment = Map.of("XLCTL_HOME", "/env");

        assertThat(Home.find(Optional.of("/option"), environment).directory())
                .isEqualTo(Path.of("/option"));
        assertThat(Home.find(Optional.empty(), environment).directory()).isEqualTo(Path.of("/env"));
        Path own = Home.find(Optional.empty(), Map.of()).directory();
        assertThat(own)
                .isIn(
                        Path.of("/var/lib/xlctl"),
                        Path.of(System.getProperty("user.home"), ".xlctl"));
        assertThatThrownBy(() -> Home.find(Optional.of(" "), environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("--home is empty");
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("xlctl.yaml"), text);
    }

    private Settings read(Map<String, String> environment, Map<Key, String> options) {
        return Settings.read(new Home(directory), environment, options);
    }
}
