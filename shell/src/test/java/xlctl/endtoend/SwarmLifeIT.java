package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seven members in a Swarm, made by the scripts, and what befalls them. */
@Tag("slow")
@Tag(DockerEngine.TAG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class SwarmLifeIT {
    private static final List<String> MEMBERS =
            List.of(
                    "gtm-m-1",
                    "coord-m-1",
                    "coord-m-2",
                    "coord-m-3",
                    "data-m-1",
                    "data-m-2",
                    "data-m-3");
    private static final String[] ADD =
            "add datanode master data_m_4 data-m-4 5432 none data none none none --swarm"
                    .split(" ");

    private Path work;
    private SwarmCluster cluster;
    private SwarmClient client;

    @BeforeAll
    void start(@TempDir(factory = ShortPath.class) Path directory) throws Exception {
        work = directory;
        cluster = new SwarmCluster(DockerEngine.requiredSwarm(work), "life");
        makeParts(cluster.engine().image());
        for (String host : MEMBERS) {
            cluster.script(
                            "member",
                            Stream.concat(
                                            Stream.of(host, "--image", cluster.engine().image()),
                                            Stream.of("--clients")
                                                    .filter(word -> host.startsWith("coord")))
                                    .toArray(String[]::new))
                    .exits(0);
        }
        cluster.shell(
                        "add gtm master gtm_m_1 gtm-m-1 5432 gtm",
                        "add coordinator master coord_m_1 coord-m-1 5432 15432 coord none none",
                        "add coordinator master coord_m_2 coord-m-2 5432 15432 coord none none",
                        "add coordinator master coord_m_3 coord-m-3 5432 15432 coord none none",
                        "add datanode master data_m_1 data-m-1 5432 15432 data none none none",
                        "add datanode master data_m_2 data-m-2 5432 15432 data none none none",
                        "add datanode master data_m_3 data-m-3 5432 15432 data none none none")
                .exits(0);
        client = cluster.client();
    }

    private void makeParts(String image) throws Exception {
        cluster.script("network", "--image", image, "--allow-unencrypted").exits(0);
        cluster.script("secrets").exits(0);
        cluster.script("zookeeper", "--image", image).exits(0);
        cluster.script("control", "--image", image).exits(0);
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void keepsWhatIsThereWhenScriptsRunAgain() throws Exception {
        List<String> before = identities();

        makeParts(cluster.engine().image());
        Outcome member =
                cluster.script("member", "gtm-m-1", "--image", cluster.engine().image()).exits(0);
        Outcome init =
                cluster.outside(
                                "swarm",
                                "init",
                                "--image",
                                cluster.engine().image(),
                                "--allow-unencrypted")
                        .exits(0);

        assertThat(member.err()).contains("it is there, and stays as it is");
        assertThat(init.out()).doesNotContain("made");
        assertThat(identities()).isEqualTo(before);
        cluster.awaitHealth();
    }

    /** Of all objects of the cluster, with their containers. */
    private List<String> identities() throws Exception {
        List<String> identities = new ArrayList<>(cluster.labelled("volume"));
        for (String kind : List.of("service", "network", "secret", "config")) {
            identities.addAll(
                    cluster.engine()
                            .list(
                                    kind,
                                    "ls",
                                    "--quiet",
                                    "--filter",
                                    "label=xlctl.cluster=" + cluster.name()));
        }
        for (String host : MEMBERS) {
            identities.add(cluster.container(host));
        }
        return identities;
    }

    @Test
    void losesNoAcknowledgedRowWhileContainersAreKilled() throws Exception {
        List<SwarmLoad> loads =
                List.of(
                        SwarmLoad.start(cluster, client, "coord_m_1", "data_m_1"),
                        SwarmLoad.start(cluster, client, "coord_m_2", "data_m_2"),
                        SwarmLoad.start(cluster, client, "coord_m_3", "data_m_3"));
        awaitMore(loads);

        for (String host : MEMBERS) {
            cluster.kill(host);
            cluster.awaitHealth();
            awaitMore(loads);
        }
        goesOnWithoutZooKeeper(loads);
        cluster.awaitHealth();
        awaitMore(loads);

        for (SwarmLoad load : loads) {
            load.end();
        }
        for (SwarmLoad load : loads) {
            load.requireRows();
        }
    }

    private static void awaitMore(List<SwarmLoad> loads) throws Exception {
        for (SwarmLoad load : loads) {
            load.awaitMore(10);
        }
    }

    private void goesOnWithoutZooKeeper(List<SwarmLoad> loads) throws Exception {
        cluster.stopService("zookeeper");
        awaitMore(loads);
        cluster.xlctl("monitor", "all").exits(3);
        cluster.startService("zookeeper");
        cluster.kill("zookeeper");
    }

    @Test
    void makesNothingAnewWhereAVolumeIsEmpty() throws Exception {
        String volume = cluster.named("data-m-3");
        String kept = cluster.named("kept");
        cluster.sqlOfSuperuser("data-m-3", "data", "CREATE TABLE treasure AS SELECT 42 AS n");
        cluster.stopService("data-m-3");
        moveVolume(volume, kept);
        try {
            cluster.startService("data-m-3");

            await().atMost(Duration.ofMinutes(1)).untilAsserted(this::requireAReplacedVolume);
            cluster.in("data-m-3", "test", "!", "-e", "/var/lib/xlctl/data/data").exits(0);
            client.sql(
                    "coord_m_1",
                    "SET xl.allow_local = on; CREATE TABLE meanwhile (n int); DROP TABLE meanwhile");
        } finally {
            cluster.stopService("data-m-3");
            cluster.engine().docker("volume", "rm", volume).exits(0);
            moveVolume(kept, volume);
            cluster.startService("data-m-3");
        }

        cluster.awaitHealth();
        assertThat(cluster.sqlOfSuperuser("data-m-3", "data", "SELECT n FROM treasure"))
                .isEqualTo("42");
    }

    private void requireAReplacedVolume() throws Exception {
        Outcome monitor = cluster.xlctl("monitor", "all").exits(1);
        assertThat(monitor.out().lines())
                .containsOnlyOnce("Not running: datanode master data_m_3")
                .filteredOn(line -> line.startsWith("Running: "))
                .hasSize(MEMBERS.size() - 1);
        assertThat(monitor.err())
                .contains("data_m_3.1 here, but this host has no record of it")
                .contains("was its volume replaced?");
        assertThat(cluster.xlctl("status").exits(1).toString())
                .contains("was its volume replaced?");
    }

    private void moveVolume(String from, String to) throws Exception {
        makeVolume(to);
        cluster.copyVolume(from, to);
        cluster.engine().docker("volume", "rm", from).exits(0);
    }

    /** With the labels of the host. */
    private void makeVolume(String name) throws Exception {
        cluster.engine()
                .docker(
                        "volume",
                        "create",
                        "--label=xlctl.cluster=" + cluster.name(),
                        "--label=xlctl.part=member",
                        "--label=xlctl.host=data-m-3",
                        name)
                .exits(0);
    }

    @Test
    void comesBackFromItsStackFile() throws Exception {
        client.sql("coord_m_2", "SET xl.allow_local = on; CREATE TABLE rendered AS SELECT 42 AS n");
        String text = cluster.outside("swarm", "render").exits(0).out();
        Path file = Files.writeString(work.resolve("stack.yml"), text);
        List<String> services = cluster.labelled("service");
        cluster.removeServices();

        cluster.engine()
                .docker(
                        "stack",
                        "deploy",
                        "--resolve-image",
                        "never",
                        "-c",
                        file.toString(),
                        cluster.name())
                .exits(0);

        cluster.awaitHealth();
        assertThat(cluster.labelled("service")).containsExactlyInAnyOrderElementsOf(services);
        assertThat(client.sql("coord_m_2", "SELECT n FROM rendered")).isEqualTo("42");
        cluster.xlctl("swarm", "status").exits(0);
        assertThat(cluster.outside("swarm", "render").exits(0).out().lines())
                .containsExactlyInAnyOrderElementsOf(text.lines().toList());
    }

    @Test
    void leavesNothingOfAnAddWhoseShellWasKilledAndThatIsUndone() throws Exception {
        RunningProgram add = cluster.start(ADD).awaitProgress("waiting for the agent of data-m-4");
        cluster.killShell();
        add.end().exits(137);
        long number = openAdd();

        awaitDone("operation", "rollback", Long.toString(number));

        assertThat(cluster.labelled("service")).doesNotContain(cluster.named("data-m-4"));
        assertThat(cluster.engine().list("volume", "ls", "--quiet"))
                .doesNotContain(cluster.named("data-m-4"));
        assertThat(cluster.xlctl("host", "list").exits(0).out()).doesNotContain("data-m-4");
        assertThat(cluster.xlctl("operation", "list").exits(0).out())
                .containsPattern("(?m)^" + number + " +undone ");
        cluster.awaitHealth();
    }

    @Test
    void finishesAnAddWhoseControlWasKilled() throws Exception {
        RunningProgram add = cluster.start(ADD).awaitProgress("initdb in");
        cluster.kill("control");
        assertThat(add.end().exit()).isNotZero();
        long number = openAdd();

        awaitDone("operation", "resume", Long.toString(number));

        cluster.awaitHealth();
        assertThat(cluster.xlctl("monitor", "data_m_4").exits(0).out())
                .isEqualTo("Running: datanode master data_m_4\n");
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
        assertThat(cluster.engine().list("volume", "ls", "--quiet"))
                .doesNotContain(cluster.named("data-m-4"));
        assertThat(cluster.labelled("service")).doesNotContain(cluster.named("data-m-4"));
    }

    private long openAdd() throws Exception {
        String list = cluster.xlctl("operation", "list").exits(0).out();
        Matcher open =
                Pattern.compile("(?m)^(\\d+) +running .* add datanode master data_m_4 ")
                        .matcher(list);
        assertThat(open.find()).as(list).isTrue();
        return Long.parseLong(open.group(1));
    }

    /** The lock of who was killed goes with their ZooKeeper session. */
    private void awaitDone(String... words) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> cluster.xlctl(words).exits(0));
    }
}
