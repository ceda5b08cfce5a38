package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/** What the nodes of a real Postgres-XL cluster do to each other. */
@Tag(RealEngine.TAG)
class XlClusterTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private RunningCluster cluster;

    @BeforeEach
    void startACoordinatorAndADatanode(@TempDir Path directory) throws Exception {
        cluster = RunningCluster.startWithCoordinatorAndDatanode(EngineKind.POSTGRES_XL, directory);
    }

    @AfterEach
    void endServers() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void theClientWorksOnAllNodes() throws Exception {
        cluster.execute(
                "coord_1",
                ServerRole.CLIENT,
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.orders (id int) DISTRIBUTE BY HASH (id)",
                "INSERT INTO shop.orders SELECT generate_series(1, 100)");

        assertThat(cluster.ask("coord_1", ServerRole.CLIENT, "SELECT count(*) FROM shop.orders"))
                .isEqualTo("100");
        assertThat(cluster.tables("data_1")).containsExactly("postgres.shop.orders");
        assertThat(cluster.tables("coord_1")).containsExactly("postgres.shop.orders");
    }

    @Test
    void laterNodesHaveWhatIsThereAndTakePart() throws Exception {
        cluster.execute(
                "coord_1",
                ServerRole.SUPERUSER,
                "CREATE ROLE alice LOGIN CREATEDB PASSWORD 'x'",
                "CREATE DATABASE shop OWNER alice",
                "CREATE TABLE orders (id int PRIMARY KEY, at serial) DISTRIBUTE BY HASH (id)",
                "INSERT INTO orders (id) SELECT generate_series(1, 100)",
                "CREATE VIEW big AS SELECT * FROM orders WHERE id > 50",
                "GRANT SELECT ON big TO app");
        try (ServerLink link = cluster.link("coord_1");
                DdlLock lock = link.lockDdl()) {
            for (String node : List.of("coord_2", "data_2")) {
                cluster.prepare(node);
                cluster.engine()
                        .copyDefinitions(
                                cluster.site(node), cluster.address("coord_1"), line -> {});
                cluster.start(node);
                cluster.join(node);
            }
            assertThat(lock.held()).isTrue();
            assertThatThrownBy(
                            () ->
                                    cluster.execute(
                                            "coord_2",
                                            ServerRole.CLIENT,
                                            "SET lock_timeout = '1s'",
                                            "CREATE TABLE t (i int)"))
                    .hasMessageContaining("lock timeout");
            cluster.execute(
                    "coord_2", ServerRole.SUPERUSER, "INSERT INTO orders (id) VALUES (1000)");
        }

        assertThat(cluster.ask("coord_2", ServerRole.CLIENT, "SELECT count(*) FROM big"))
                .isEqualTo("51");
        assertThat(
                        cluster.ask(
                                "data_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_roles"
                                        + " WHERE rolname IN ('alice', 'app', 'xlctl_monitor')"))
                .isEqualTo("3");
        cluster.execute(
                "coord_2",
                ServerRole.CLIENT,
                "CREATE TABLE wide (id int)",
                "INSERT INTO wide SELECT generate_series(1, 100)");
        assertThat(
                        cluster.ask(
                                "coord_1",
                                ServerRole.CLIENT,
                                "SELECT count(DISTINCT xc_node_id) FROM wide"))
                .isEqualTo("2");
        assertThat(cluster.tables("data_2")).containsExactly("postgres.public.wide");
        assertThat(cluster.tables("data_1"))
                .contains("postgres.public.orders", "postgres.public.wide");
        assertThat(cluster.tables("coord_1")).isEmpty();
    }

    @Test
    void aTableThatIsMadeAfterADatanodeCameIsOnTheSameDatanodesForAllCoordinators()
            throws Exception {
        add("coord_2");
        cluster.execute(
                "coord_1",
                ServerRole.CLIENT,
                "CREATE TABLE early (id int) DISTRIBUTE BY HASH (id)");
        add("data_2");

        cluster.execute(
                "coord_1", ServerRole.CLIENT, "CREATE TABLE late (id int) DISTRIBUTE BY HASH (id)");

        for (String coordinator : List.of("coord_1", "coord_2")) {
            assertThat(
                            cluster.ask(
                                    coordinator,
                                    ServerRole.SUPERUSER,
                                    "SELECT count(*) FROM pgxc_class c, pgxc_node n WHERE c.pcrelid ="
                                            + " 'late'::regclass AND n.oid = ANY (c.nodeoids)"))
                    .as(coordinator)
                    .isEqualTo("2");
        }
    }

    @Test
    void nodesWithoutAnythingOfUsersNeedNoLoading() throws Exception {
        cluster.prepare("coord_2");
        List<String> said = new ArrayList<>();

        cluster.engine()
                .copyDefinitions(cluster.site("coord_2"), cluster.address("coord_1"), said::add);

        assertThat(said).hasSize(1);
        assertThat(cluster.engine().claimedPid(cluster.site("coord_2"))).isEmpty();
    }

    @Test
    void aCopyThatIsAskedForAgainIsMadeFromTheBeginning() throws Exception {
        cluster.execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");
        cluster.prepare("coord_2");
        cluster.engine()
                .copyDefinitions(cluster.site("coord_2"), cluster.address("coord_1"), line -> {});
        Files.writeString(cluster.site("coord_2").dataDirectory().resolve("left"), "");

        cluster.engine()
                .copyDefinitions(cluster.site("coord_2"), cluster.address("coord_1"), line -> {});

        assertThat(cluster.site("coord_2").dataDirectory().resolve("left")).doesNotExist();
        cluster.start("coord_2");
        assertThat(
                        cluster.ask(
                                "coord_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_database WHERE datname = 'shop'"))
                .isEqualTo("1");
    }

    @Test
    void aDatanodeWithTablesIsNotDroppedFromACatalog() throws Exception {
        cluster.execute("coord_1", ServerRole.SUPERUSER, "CREATE TABLE orders (id int)");
        cluster.forget("data_1");

        assertThatThrownBy(() -> cluster.converge("coord_1"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("data_1")
                .hasMessageContaining("postgres.public.orders");
        cluster.execute("coord_1", ServerRole.SUPERUSER, "DROP TABLE orders");
        cluster.converge("coord_1");
        assertThat(cluster.ask("coord_1", ServerRole.SUPERUSER, "SELECT count(*) FROM pgxc_node"))
                .isEqualTo("1");
    }

    @Test
    void aDeepCheckReachesEveryDatanode() throws Exception {
        try (ServerLink link = cluster.link("coord_1")) {
            assertThat(link.checkDeep().readTrouble()).isEmpty();
            assertThat(link.checkDeep().writeTrouble()).isEmpty();

            cluster.kill("data_1");

            assertThat(link.checkDeep().readTrouble()).get().asString().contains("data_1");
            assertThat(link.checkDeep().writeTrouble()).isPresent();
        }
    }

    @Test
    void aServerWhoseGtmIsElsewhereNowSaysThatItMustBeRestarted() throws Exception {
        HostPort proxy = new HostPort(new HostName("127.0.8.11"), new Port(1));
        GtmAddress moved =
                new GtmAddress(cluster.gtm().gtm(), cluster.gtm().master(), Optional.of(proxy));
        Site site = cluster.site("data_1");
        try (ServerLink link = cluster.link("data_1")) {
            assertThat(link.check().notes()).isEmpty();
            link.converge(cluster.catalog(moved));

            assertThat(link.check().notes())
                    .singleElement()
                    .asString()
                    .contains(cluster.gtm().master() + " until", "then 127.0.8.11:1");
            assertThat(site.dataDirectory().resolve("xlctl.conf"))
                    .content()
                    .contains("gtm_host = '127.0.8.11'");

            link.converge(cluster.catalog(cluster.gtm()));
            assertThat(link.check().notes()).isEmpty();
        }
    }

    @Test
    void aServerWhoseFirstProcessWasKilledStartsAgain() throws Exception {
        Site site = cluster.site("data_1");
        long first = cluster.engine().claimedPid(site).orElseThrow();
        ProcessHandle process = ProcessHandle.of(first).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        cluster.kill("data_1");

        cluster.engine().clearRemains(site);
        cluster.start("data_1");

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                cluster.execute(
                                        "coord_1", ServerRole.CLIENT, "CREATE TABLE t (id int)"));
    }

    private void add(String node) throws Exception {
        cluster.prepare(node);
        cluster.start(node);
        cluster.join(node);
    }
}
