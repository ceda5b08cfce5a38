package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A small cluster in a Swarm, from {@code swarm init} to {@code swarm down}. */
@Tag(DockerEngine.TAG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwarmIT {
    private static final String RUNNING =
            "Running: gtm master\n"
                    + "Running: coordinator master coord_m_1\n"
                    + "Running: datanode master data_m_1\n";
    private static final int AGENT_PORT = 7422;
    private static final int A_SECRET = 24;

    private SwarmCluster cluster;
    private SwarmClient client;

    @BeforeAll
    void start(@TempDir(factory = ShortPath.class) Path work) throws Exception {
        cluster = new SwarmCluster(DockerEngine.requiredSwarm(work), "fast");
        cluster.outside("swarm", "init", "--image", cluster.engine().image(), "--allow-unencrypted")
                .exits(0);
        cluster.shell(
                        "add gtm master gtm_m_1 gtm-m-1 5432 gtm --swarm",
                        "add coordinator master coord_m_1 coord-m-1 5432 15432 coord none none"
                                + " --swarm",
                        "add datanode master data_m_1 data-m-1 5432 15432 data none none none"
                                + " --swarm")
                .exits(0);
        client = cluster.client();
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void showsMembersAndTheirServices() throws Exception {
        assertThat(cluster.xlctl("monitor", "all", "--deep").exits(0).out()).isEqualTo(RUNNING);
        assertThat(cluster.xlctl("status").exits(0).out().lines())
                .anyMatch(line -> line.matches("gtm_m_1 .* gtm-m-1:5432 +master +master .*"))
                .anyMatch(line -> line.matches("coord_m_1 .* coord-m-1:5432 +master +master .*"))
                .anyMatch(line -> line.matches("data_m_1 .* data-m-1:5432 +master +master .*"));

        assertThat(cluster.xlctl("swarm", "status").exits(0).out().lines())
                .anyMatch(line -> line.matches(service("gtm-m-1", "gtm_m_1 running")))
                .anyMatch(line -> line.matches(service("coord-m-1", "coord_m_1 running")))
                .anyMatch(line -> line.matches(service("data-m-1", "data_m_1 running")))
                .anyMatch(line -> line.matches(service("zookeeper", "-")))
                .anyMatch(line -> line.matches(cluster.named("cluster") + " .* encrypted .*"));
        assertThat(cluster.outside("swarm", "status").exits(0).out())
                .containsPattern(service("data-m-1", "\\?"))
                .contains("The members are not shown here");
    }

    private String service(String host, String members) {
        return cluster.named(host) + " .* running .* " + members;
    }

    @Test
    @Order(2)
    void letsClientsInOnTheirNetwork() throws Exception {
        assertThat(client.sql(cluster.name(), "SELECT * FROM pgxc_node ORDER BY node_name").lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("coord_m_1|C|5432|coord-m-1|"),
                        line -> assertThat(line).startsWith("data_m_1|D|5432|data-m-1|"));
        client.sql("coord_m_1", "SELECT 1");
        assertThat(client.run("stat", "-c", "%a", "/tmp/access-0/pgpass").exits(0).out())
                .isEqualTo("600\n");
    }

    @Test
    @Order(3)
    void keepsClientsOffTheClustersNetwork() throws Exception {
        for (String host : List.of("gtm-m-1", "data-m-1", "zookeeper", "control", "coord-m-1")) {
            assertThat(client.run("getent", "hosts", host).exits(2).out()).isEmpty();
        }
        assertThat(
                        client.run(
                                        "nc",
                                        "-v",
                                        "-z",
                                        "-w",
                                        "3",
                                        "coord-m-1." + cluster.name(),
                                        "" + AGENT_PORT)
                                .exits(1)
                                .err())
                .contains("Connection refused");
        // A network outside may accept every connection: what counts is who answers.
        for (String host : List.of("coord-m-1", "data-m-1")) {
            assertThat(agentsGreeting(client, cluster.address(host))).isEmpty();
        }
        assertThat(cluster.in("gtm-m-1", greeting(cluster.address("data-m-1"))).out())
                .startsWith("SSH-2.0-");

        Outcome joining =
                cluster.engine()
                        .docker(
                                "run",
                                "--rm",
                                "--network",
                                cluster.named("cluster"),
                                "--entrypoint",
                                "true",
                                cluster.engine().image());
        assertThat(joining.exit()).isNotZero();
        assertThat(joining.err()).contains("not manually attachable");
    }

    private static String agentsGreeting(SwarmClient client, String address) throws Exception {
        return client.run(greeting(address)).out();
    }

    private static String[] greeting(String address) {
        return new String[] {
            "bash",
            "-c",
            "timeout 1 nc -w 1 \"$1\" \"$2\" | head -n 1",
            "nc",
            address,
            "" + AGENT_PORT
        };
    }

    @Test
    @Order(4)
    void tellsNobodyASecret() throws Exception {
        Set<String> secrets = new TreeSet<>();
        for (String host : List.of("control", "gtm-m-1", "coord-m-1", "data-m-1")) {
            secrets.addAll(secretsIn(host));
        }
        String password = client.run("cat", "/tmp/access-0/pgpass").exits(0).out().strip();
        secrets.add(password.substring(password.lastIndexOf(':') + 1));
        String told = everythingDockerTells();

        assertThat(secrets).hasSizeGreaterThan(10);
        // So a secret would be found: the public key is no secret.
        assertThat(told)
                .contains(
                        inBase64(
                                cluster.in("data-m-1", "cat", "/run/configs/authorized-keys")
                                        .exits(0)
                                        .out()));
        assertThat(secrets).noneMatch(told::contains);
    }

    /** The files whole in base64, as Docker's API has contents, and every long word of them. */
    private Set<String> secretsIn(String host) throws Exception {
        Set<String> secrets = new TreeSet<>();
        for (String file :
                cluster.in(host, "find", "/run/secrets", "-type", "f")
                        .exits(0)
                        .out()
                        .lines()
                        .toList()) {
            String text = cluster.in(host, "cat", file).exits(0).out();
            secrets.add(inBase64(text));
            Stream.of(text.split("[\\s'\"]+"))
                    .filter(word -> word.length() >= A_SECRET)
                    .forEach(secrets::add);
        }
        return secrets;
    }

    private static String inBase64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private String everythingDockerTells() throws Exception {
        StringBuilder told = new StringBuilder();
        for (String kind : SwarmCluster.KINDS) {
            List<String> names = cluster.labelled(kind);
            assertThat(names).isNotEmpty();
            told.append(inspect(names, kind, "inspect"));
        }
        List<String> tasks = new ArrayList<>();
        for (String service : cluster.labelled("service")) {
            tasks.addAll(cluster.engine().list("service", "ps", "--quiet", "--no-trunc", service));
        }
        told.append(inspect(tasks, "inspect"));
        told.append(inspect(cluster.containers(), "inspect"));
        for (String container : cluster.containers()) {
            Outcome log = cluster.engine().docker("logs", container).exits(0);
            told.append(log.out()).append(log.err());
        }
        return told.toString();
    }

    private String inspect(List<String> names, String... words) throws Exception {
        return cluster.engine()
                .docker(Stream.concat(Stream.of(words), names.stream()).toArray(String[]::new))
                .exits(0)
                .out();
    }

    @Test
    @Order(5)
    void comesBackByItselfAfterEveryContainerWasKilled() throws Exception {
        client.sql(
                cluster.name(),
                "SET xl.allow_local = on; CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)");
        Map<String, String> before = cluster.addresses();

        cluster.killAll();

        cluster.awaitHealth();
        Map<String, String> after = cluster.addresses();
        assertThat(after).containsOnlyKeys(before.keySet()).isNotEqualTo(before);
        assertThat(client.sql(cluster.name(), "SELECT count(*) FROM kept")).isEqualTo("1000");
        cluster.xlctl("status").exits(0);
        cluster.xlctl("swarm", "status").exits(0);
    }

    @Test
    @Order(6)
    void takesServiceAndVolumeAwayWithTheMember() throws Exception {
        cluster.xlctl("remove", "datanode", "master", "data_m_1", "clean").exits(0);

        assertThat(cluster.labelled("service"))
                .containsExactlyInAnyOrder(
                        cluster.named("zookeeper"),
                        cluster.named("control"),
                        cluster.named("gtm-m-1"),
                        cluster.named("coord-m-1"));
        assertThat(cluster.engine().list("volume", "ls", "--quiet"))
                .contains(cluster.named("coord-m-1"))
                .doesNotContain(cluster.named("data-m-1"));
        assertThat(cluster.xlctl("host", "list").exits(0).out())
                .contains("coord-m-1")
                .doesNotContain("data-m-1");
        assertThat(cluster.xlctl("monitor", "all").exits(0).out())
                .doesNotContain("data_m_1")
                .contains("Running: coordinator master coord_m_1");
    }

    @Test
    @Order(7)
    void leavesNothingBehind() throws Exception {
        client.close();

        cluster.outside("swarm", "down", "--yes").exits(0);

        for (String kind : SwarmCluster.KINDS) {
            assertThat(cluster.labelled(kind)).as(kind).isEmpty();
            assertThat(cluster.engine().list(kind, "ls", "--format", "{{.Name}}"))
                    .as(kind)
                    .noneMatch(name -> name.startsWith(cluster.named("")));
        }
        assertThat(cluster.engine().list("ps", "--all", "--format", "{{.Names}}"))
                .noneMatch(name -> name.startsWith(cluster.named("")));
        cluster.outside("swarm", "down", "--yes").exits(0);
    }
}
