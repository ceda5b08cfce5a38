package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second cluster, set up by hand, on the machine and in the ZooKeeper of a quickstart; nothing of
 * what is done to it is seen there.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoClustersIT {
    private static final String HOST = "127.0.2.1";

    private QuickstartCluster cluster;
    private Path work;
    private Path shop;
    private String records;

    @BeforeAll
    void bringUp(@TempDir(factory = ShortPath.class) Path directory) throws Exception {
        work = directory;
        shop = work.resolve("shop");
        cluster = QuickstartCluster.in(work);
        cluster.quickstart().exits(0);
        records = recordsOfQuickstart();
        program(
                        "xlctl",
                        "home",
                        shop.toString(),
                        "--cluster",
                        "shop",
                        "--zookeeper",
                        "127.0.1.1:2181")
                .end()
                .exits(0);
        shop("host", "list").exits(0);
        var unused = agent("one", HOST, HOST + ":7422").awaitProgress(" listens on ");
        String fingerprint = fingerprint(work.resolve("one/state"));
        await().untilAsserted(
                        () -> shop("host", "accept", HOST, HOST + ":7422", fingerprint).exits(0));
    }

    @AfterEach
    void theOtherClusterIsAsItWas() throws Exception {
        assertThat(recordsOfQuickstart()).isEqualTo(records);
        cluster.xlctl("monitor", "all").exits(0);
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void livesItsWholeLifeBesideTheOther() throws Exception {
        shop("add", "gtm", "master", "gtm_m_1", HOST, "5432", "gtm").exits(0);
        shop(
                        "add",
                        "coordinator",
                        "master",
                        "coord_m_1",
                        HOST,
                        "5433",
                        "none",
                        "c1",
                        "none",
                        "none")
                .exits(0);
        shop(
                        "add",
                        "datanode",
                        "master",
                        "data_m_1",
                        HOST,
                        "5434",
                        "none",
                        "d1",
                        "none",
                        "none",
                        "none")
                .exits(0);
        shop("createdb", "store").exits(0);
        shop("stop", "all").exits(0);
        shop("start", "all").exits(0);
        shop("rotate", "certificates").exits(0);
        shop("rotate", "keys").exits(0);
        shop("backup", work.resolve("shop.backup").toString()).exits(0);
        shop("restore", work.resolve("shop.backup").toString()).exits(0);
        shop("monitor", "all").exits(0);
    }

    @Test
    @Order(2)
    void aDirectoryAndAPortThatAreTakenAreNamedWithWhoseTheyAre() throws Exception {
        Path others = cluster.data(3, "data");
        Path mine = work.resolve("one-data");
        Files.createDirectories(mine.resolve("left"));
        Files.copy(others.resolve("xlctl.instance"), mine.resolve("left/xlctl.instance"));

        Outcome refused =
                shop(
                                "add",
                                "datanode",
                                "master",
                                "data_m_2",
                                HOST,
                                "5434",
                                "none",
                                "left",
                                "none",
                                "none",
                                "none")
                        .exits(4);

        assertThat(refused.err())
                .contains(
                        "it is the data directory of data_m_1.1 of cluster postgresql-1 on host 127.0.1.3")
                .contains("(postgres), the server of data_m_1.1 of cluster shop on host 127.0.2.1");
    }

    @Test
    @Order(3)
    void anAgentOfTheOtherClusterIsNotAcceptedWhereItLetsTheShellIn() throws Exception {
        Path keys = cluster.home().resolve("quickstart/agents/127.0.1.3/authorized_keys");
        String before = Files.readString(keys);
        Files.writeString(keys, before + Files.readString(shop.resolve("ssh-key.pub")));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        String fingerprint =
                fingerprint(cluster.home().resolve("quickstart/agents/127.0.1.3/state"));

        Outcome refused =
                shop("host", "accept", "127.0.1.3", "127.0.1.3:7422", fingerprint).exits(4);

        assertThat(refused.err())
                .contains("is that of host 127.0.1.3 of cluster postgresql-1")
                .contains("not of host 127.0.1.3 of cluster shop");
        assertThat(shop("host", "list").exits(0).out()).doesNotContain("127.0.1.3");
        Files.writeString(keys, before);
    }

    @Test
    @Order(4)
    void aSecondAgentForAHostSaysWhoHasItAndEnds() throws Exception {
        Outcome second = agent("two", HOST, "127.0.2.2:7422").end().exits(4);

        assertThat(second.err())
                .contains("another agent is host 127.0.2.1 already: at 127.0.2.1:7422, process ");
        shop("monitor", "all").exits(0);
    }

    @Test
    @Order(5)
    void keysAreReplacedWhileTheClusterIsUsedAndOnlyThoseOfOneHome() throws Exception {
        Path copy = work.resolve("old-key");
        Files.copy(shop.resolve("ssh-key"), copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        Path keys = work.resolve("one/authorized_keys");
        String others = Files.readString(cluster.home().resolve("ssh-key.pub"));
        Files.writeString(keys, Files.readString(keys) + others);

        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch looking = new CountDownLatch(1);
        CompletableFuture<List<Outcome>> looks =
                CompletableFuture.supplyAsync(() -> looksUntil(over, looking));
        assertThat(looking.await(60, TimeUnit.SECONDS)).isTrue();
        Outcome rotated;
        try {
            rotated = shop("rotate", "keys").exits(0);
        } finally {
            over.set(true);
        }

        assertThat(looks.get(60, TimeUnit.SECONDS))
                .hasSizeGreaterThan(1)
                .allSatisfy(look -> look.exits(0));
        assertThat(rotated.out()).contains("rotate keys: done");
        assertThat(Files.readString(keys)).contains(others);
        shop("monitor", "all").exits(0);
        Outcome old =
                program(
                                Map.of("XLCTL_SSH_KEY", copy.toString()),
                                "xlctl",
                                "--home",
                                shop.toString(),
                                "host",
                                "list")
                        .end();
        assertThat(old.toString().replaceAll("\\s+", " ")).contains("refuses the SSH key " + copy);
        assertThat(shop.toFile().list())
                .contains("ssh-key")
                .doesNotContain("ssh-key.old", "ssh-key.new");
        Outcome tried =
                cluster.network()
                        .run(
                                "ssh",
                                "-o",
                                "StrictHostKeyChecking=no",
                                "-o",
                                "UserKnownHostsFile=/dev/null",
                                "-o",
                                "IdentitiesOnly=yes",
                                "-i",
                                shop.resolve("ssh-key").toString(),
                                "-p",
                                "7422",
                                HOST,
                                "status");
        assertThat(tried.exits(0).out()).contains("cluster    shop");
    }

    @Test
    @Order(6)
    void oneHostHasMembersOfBothWhereEachHasAnAgentOfItsOwn() throws Exception {
        String shared = "127.0.1.3";
        var unused = agent("three", shared, shared + ":7423").awaitProgress(" listens on ");
        String fingerprint = fingerprint(work.resolve("three/state"));
        shop("host", "accept", shared, shared + ":7423", fingerprint).exits(0);

        shop(
                        "add",
                        "datanode",
                        "master",
                        "data_m_1_of_shop",
                        shared,
                        "5999",
                        "none",
                        "d2",
                        "none",
                        "none",
                        "none")
                .exits(0);

        assertThat(shop("monitor", "all").exits(0).out())
                .contains("data_m_1_of_shop")
                .doesNotContain("data_m_2");
        assertThat(cluster.xlctl("monitor", "all").exits(0).out()).doesNotContain("of_shop");
        shop("stop", "-m", "immediate", "all").exits(0);
        cluster.xlctl("monitor", "all").exits(0);
        shop("start", "all").exits(0);
        shop("remove", "datanode", "master", "data_m_1_of_shop", "clean").exits(0);
    }

    /** By one who has another shell, with the same keys. */
    private List<Outcome> looksUntil(AtomicBoolean over, CountDownLatch looking) {
        List<Outcome> looks = new ArrayList<>();
        try {
            do {
                looks.add(shop("monitor", "all"));
                looking.countDown();
            } while (!over.get());
        } catch (Exception e) {
            throw new IllegalStateException("looking failed", e);
        }
        return looks;
    }

    private Outcome shop(String... words) throws Exception {
        return program(
                        "xlctl",
                        Stream.concat(Stream.of("--home", shop.toString()), Stream.of(words))
                                .toArray(String[]::new))
                .end();
    }

    private RunningProgram program(String name, String... words) throws Exception {
        return program(Map.of("HOME", work.toString()), name, words);
    }

    private RunningProgram program(Map<String, String> environment, String name, String... words)
            throws Exception {
        return cluster.network()
                .start(
                        work,
                        environment,
                        Stream.concat(
                                        Stream.of(
                                                QuickstartCluster.PROGRAM
                                                        .resolveSibling(name)
                                                        .toString()),
                                        Stream.of(words))
                                .toList());
    }

    /** An agent of the second cluster, with directories of its own. */
    private RunningProgram agent(String name, String host, String listen) throws Exception {
        Path directory = Files.createDirectories(work.resolve(name));
        Files.copy(shop.resolve("ssh-key.pub"), directory.resolve("authorized_keys"));
        Path config =
                Files.write(
                        directory.resolve("agent.yaml"),
                        List.of(
                                "cluster: shop",
                                "host: " + host,
                                "listen: " + listen,
                                "server-listen: " + listen.split(":")[0],
                                "state: state",
                                "data-roots: [../" + name + "-data]",
                                "zookeeper: 127.0.1.1:2181",
                                "zookeeper-identity: ../shop/agent-identity",
                                "authorized-keys: authorized_keys"));
        return program("xlctl-agent", "--config", config.toString());
    }

    /** Of the SSH host key that an agent keeps there. */
    private String fingerprint(Path state) throws Exception {
        return cluster.network()
                .run("ssh-keygen", "-lf", state.resolve("ssh_host_ed25519_key").toString())
                .exits(0)
                .out()
                .split(" ")[1];
    }

    /** What lasts of them: what agents say of themselves changes by itself. */
    private String recordsOfQuickstart() throws Exception {
        return cluster.network()
                .run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordsDump.class.getName(),
                        "127.0.1.1:2181",
                        cluster.home().resolve("zookeeper-identity").toString(),
                        "/xlctl/postgresql-1")
                .exits(0)
                .out()
                .lines()
                .filter(line -> !line.startsWith("/xlctl/postgresql-1/presence/"))
                .filter(line -> !line.startsWith("/xlctl/postgresql-1/instances/"))
                .collect(Collectors.joining("\n"));
    }
}
