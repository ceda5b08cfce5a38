package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerCommand;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Problem;

/** Command lines and files of Postgres-XL's nodes; no server is needed. */
class PostgresXlTest {
    private final PostgresXl flavor = new PostgresXl();
    private final Engine engine = XlEngine.postgresXl(Optional.of(Path.of("/opt/xl")));

    @Test
    void makesDataDirectoriesWithTheWalWhereItShouldBeAndAPasswordFromTheBeginning() {
        assertThat(flavor.initdb(Sites.datanode())).containsExactly("--xlogdir=/wal/data_m_1");
        assertThat(flavor.initdbTakesVerifier()).isTrue();
    }

    @Test
    void startsServersDirectlyWithTheirPasswordFile() {
        ServerCommand coordinator = engine.command(Sites.coordinator());

        assertThat(coordinator.arguments())
                .containsExactly("/opt/xl/bin/postgres", "--coordinator", "-D", "/data/coord_m_1");
        assertThat(coordinator.environment())
                .containsEntry("PGPASSFILE", "/state/coord_m_1/pgpass");
        assertThat(engine.command(Sites.datanode()).arguments())
                .containsExactly("/opt/xl/bin/postgres", "--datanode", "-D", "/data/data_m_1");
    }

    @Test
    void takesDefinitionsWithAServerThatNobodyElseReaches() {
        NodeSoftware nodes =
                new NodeSoftware(flavor, new Programs(flavor, Optional.of(Path.of("/opt/xl"))));

        assertThat(nodes.restoring(Sites.datanode()).arguments())
                .containsExactly(
                        "/opt/xl/bin/postgres",
                        "--restoremode",
                        "-D",
                        "/data/data_m_1",
                        "-c",
                        "listen_addresses=");
        assertThat(flavor.dumpOptions())
                .containsExactly("--schema-only", "--include-nodes", "--dump-nodes");
    }

    @Test
    void nodesKnowTheirGtmFromTheFirstStart() {
        assertThat(settings(Sites.datanode()))
                .contains(
                        "gtm_host = '10.1.0.9'",
                        "gtm_port = '6666'",
                        "port = '5433'",
                        "pooler_port = '6433'",
                        "pgxc_node_name = 'data_m_1'",
                        "listen_addresses = '10.1.0.1'");
    }

    @Test
    void nodesUseTheProxyOfTheirOwnHost() {
        HostPort proxy = new HostPort(new HostName("10.1.0.1"), new Port(6667));

        Site datanode = Sites.datanode();
        Optional<GtmAddress> gtm = Optional.of(Sites.gtm(Optional.of(proxy)));
        assertThat(settings(datanode.with(datanode.spec().withGtm(gtm))))
                .contains("gtm_host = '10.1.0.1'", "gtm_port = '6667'");
    }

    @Test
    void rolesOfTheClusterComeFromItsHostsAndClientsReachCoordinatorsOnly() {
        String coordinator = NodeAuthentication.rules(Sites.coordinator(), Sites.catalog(), "md5");
        assertThat(rules(coordinator))
                .containsExactly(
                        "local all all peer map=xlctl",
                        "host all postgres samehost md5",
                        "host all all 10.1.0.1/32 md5",
                        "host all all 10.1.0.2/32 md5",
                        "host all,replication postgres,xlctl_monitor all reject",
                        "host all all 10.0.0.0/8 md5");
        String datanode = NodeAuthentication.rules(Sites.datanode(), Sites.catalog(), "md5");
        assertThat(datanode).doesNotContain("10.0.0.0/8");
        assertThat(coordinator + datanode).doesNotContain("trust");
    }

    @Test
    void rolesAreMadeOneStatementALineWithReadyVerifiers() {
        List<String> statements = NodeRoles.making(Sites.datanode().secrets().verifiers());

        assertThat(statements).hasSize(3).noneMatch(line -> line.contains("\n"));
        assertThat(statements.get(0)).startsWith("CREATE ROLE xlctl_monitor LOGIN NOSUPERUSER");
        assertThat(statements.get(1))
                .startsWith("CREATE ROLE app LOGIN NOSUPERUSER")
                .contains("PASSWORD 'md5");
        assertThat(statements.get(2)).isEqualTo("GRANT CREATE ON DATABASE postgres TO app");
    }

    @Test
    void refusesANodeWithoutAGtmAndSettingsThatAreNotTheOperators() {
        InstanceSpec spec = Sites.coordinator().spec();
        InstanceSpec refused =
                new InstanceSpec(
                        spec.cluster(),
                        spec.engine(),
                        spec.kind(),
                        spec.instance(),
                        spec.networks(),
                        Optional.empty(),
                        new OperatorFile("extra.conf", "gtm_host = 'elsewhere'"),
                        new OperatorFile("extra.hba", "host all app 10.0.0.0/8 trust"));

        assertThat(engine.refusals(refused))
                .extracting(Problem::what)
                .anyMatch(what -> what.contains("sets gtm_host"))
                .anyMatch(what -> what.contains("without a password"))
                .anyMatch(what -> what.contains("needs a GTM"));
        assertThat(engine.refusals(spec)).isEmpty();
    }

    @Test
    void saysWhatIsMissingOfTheEngine() {
        assertThat(XlEngine.postgresXl(Optional.empty()).report().problems())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.what()).isEqualTo("postgres-xl was not found");
                            assertThat(problem.remedy()).contains("engine-home");
                        });
        assertThat(XlEngine.postgresXl(Optional.of(Path.of("/no/such/place"))).report().problems())
                .extracting(Problem::what)
                .contains("/no/such/place/bin/gtm is missing");
    }

    @Test
    void tellsItsOwnServersFromOthers() {
        assertThat(
                        Programs.version(
                                flavor.versionPattern(),
                                "postgres (PostgreSQL) 9.5alpha1 (Postgres-XL 9.5alpha1)"))
                .contains("9.5alpha1");
        assertThat(Programs.version(flavor.versionPattern(), "postgres (PostgreSQL) 15.8"))
                .isEmpty();
    }

    private String settings(Site site) {
        return NodeSettings.managed(site, flavor);
    }

    private static List<String> rules(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }
}
