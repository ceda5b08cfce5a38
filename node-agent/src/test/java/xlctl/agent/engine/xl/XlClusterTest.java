package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/** What the nodes of a real Postgres-XL cluster do to each other. */
class XlClusterTest extends XlClusterScenario {
    @Test
    void theClientWorksOnAllNodes() throws Exception {
        execute(
                "coord_1",
                ServerRole.CLIENT,
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.orders (id int) DISTRIBUTE BY HASH (id)",
                "INSERT INTO shop.orders SELECT generate_series(1, 100)");

        assertThat(ask("coord_1", ServerRole.CLIENT, "SELECT count(*) FROM shop.orders"))
                .isEqualTo("100");
        assertThat(tables("data_1")).containsExactly("postgres.shop.orders");
        assertThat(tables("coord_1")).containsExactly("postgres.shop.orders");
    }

    @Test
    void laterNodesHaveWhatIsThereAndTakePart() throws Exception {
        execute(
                "coord_1",
                ServerRole.SUPERUSER,
                "CREATE ROLE alice LOGIN CREATEDB PASSWORD 'x'",
                "CREATE DATABASE shop OWNER alice",
                "CREATE TABLE orders (id int PRIMARY KEY, at serial) DISTRIBUTE BY HASH (id)",
                "INSERT INTO orders (id) SELECT generate_series(1, 100)",
                "CREATE VIEW big AS SELECT * FROM orders WHERE id > 50",
                "GRANT SELECT ON big TO app");
        try (ServerLink link = engine.link(sites.get("coord_1"));
                DdlLock lock = link.lockDdl()) {
            for (String node : List.of("coord_2", "data_2")) {
                prepare(node);
                engine.copyDefinitions(sites.get(node), address("coord_1"), line -> {});
                start(node);
                join(node);
            }
            assertThat(lock.held()).isTrue();
            assertThatThrownBy(
                            () ->
                                    execute(
                                            "coord_2",
                                            ServerRole.CLIENT,
                                            "SET lock_timeout = '1s'",
                                            "CREATE TABLE t (i int)"))
                    .hasMessageContaining("lock timeout");
            execute("coord_2", ServerRole.SUPERUSER, "INSERT INTO orders (id) VALUES (1000)");
        }

        assertThat(ask("coord_2", ServerRole.CLIENT, "SELECT count(*) FROM big")).isEqualTo("51");
        assertThat(
                        ask(
                                "data_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_roles"
                                        + " WHERE rolname IN ('alice', 'app', 'xlctl_monitor')"))
                .isEqualTo("3");
        execute(
                "coord_2",
                ServerRole.CLIENT,
                "CREATE TABLE wide (id int)",
                "INSERT INTO wide SELECT generate_series(1, 100)");
        assertThat(ask("coord_1", ServerRole.CLIENT, "SELECT count(DISTINCT xc_node_id) FROM wide"))
                .isEqualTo("2");
        assertThat(tables("data_2")).containsExactly("postgres.public.wide");
        assertThat(tables("data_1")).contains("postgres.public.orders", "postgres.public.wide");
        assertThat(tables("coord_1")).isEmpty();
    }

    @Test
    void nodesWithoutAnythingOfUsersNeedNoLoading() throws Exception {
        prepare("coord_2");
        List<String> said = new ArrayList<>();

        engine.copyDefinitions(sites.get("coord_2"), address("coord_1"), said::add);

        assertThat(said).hasSize(1);
        assertThat(engine.claimedPid(sites.get("coord_2"))).isEmpty();
    }

    @Test
    void aCopyThatFailedIsMadeAgainFromTheBeginning() throws Exception {
        execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");
        prepare("coord_2");
        Files.writeString(
                sites.get("coord_2").stateDirectory().resolve("definitions.unfinished"), "");
        Files.writeString(sites.get("coord_2").dataDirectory().resolve("left"), "");

        engine.copyDefinitions(sites.get("coord_2"), address("coord_1"), line -> {});

        assertThat(sites.get("coord_2").dataDirectory().resolve("left")).doesNotExist();
        start("coord_2");
        assertThat(
                        ask(
                                "coord_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_database WHERE datname = 'shop'"))
                .isEqualTo("1");
    }

    @Test
    void aDatanodeWithTablesIsNotDroppedFromACatalog() throws Exception {
        execute("coord_1", ServerRole.SUPERUSER, "CREATE TABLE orders (id int)");
        members.removeIf(entry -> entry.node().value().equals("data_1"));

        assertThatThrownBy(() -> converge("coord_1"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("data_1")
                .hasMessageContaining("postgres.public.orders");
        execute("coord_1", ServerRole.SUPERUSER, "DROP TABLE orders");
        converge("coord_1");
        assertThat(ask("coord_1", ServerRole.SUPERUSER, "SELECT count(*) FROM pgxc_node"))
                .isEqualTo("1");
    }

    @Test
    void aDeepCheckReachesEveryDatanode() throws Exception {
        try (ServerLink link = engine.link(sites.get("coord_1"))) {
            assertThat(link.checkDeep().readTrouble()).isEmpty();
            assertThat(link.checkDeep().writeTrouble()).isEmpty();

            processes.kill(engine.command(sites.get("data_1")), Optional.empty(), LONG);

            assertThat(link.checkDeep().readTrouble()).get().asString().contains("data_1");
            assertThat(link.checkDeep().writeTrouble()).isPresent();
        }
    }

    @Test
    void aServerWhoseGtmIsElsewhereNowSaysThatItMustBeRestarted() throws Exception {
        HostPort proxy = new HostPort(new HostName("127.0.8.11"), new Port(1));
        GtmAddress moved =
                new GtmAddress(gtm.address().gtm(), gtm.address().master(), Optional.of(proxy));
        Site site = sites.get("data_1");
        try (ServerLink link = engine.link(site)) {
            assertThat(link.check().notes()).isEmpty();
            link.converge(catalog(moved));

            assertThat(link.check().notes())
                    .singleElement()
                    .asString()
                    .contains(gtm.address().master() + " until", "then 127.0.8.11:1");
            assertThat(site.dataDirectory().resolve("xlctl.conf"))
                    .content()
                    .contains("gtm_host = '127.0.8.11'");

            link.converge(catalog(gtm.address()));
            assertThat(link.check().notes()).isEmpty();
        }
    }

    @Test
    void aServerWhoseFirstProcessWasKilledStartsAgain() throws Exception {
        Site site = sites.get("data_1");
        long first = engine.claimedPid(site).orElseThrow();
        ProcessHandle process = ProcessHandle.of(first).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        processes.kill(engine.command(site), Optional.empty(), LONG);

        engine.clearRemains(site);
        start("data_1");

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> execute("coord_1", ServerRole.CLIENT, "CREATE TABLE t (id int)"));
    }
}
