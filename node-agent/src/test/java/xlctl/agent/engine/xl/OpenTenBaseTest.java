package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerCommand;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;

/** Command lines, files and statements of OpenTenBase's nodes; no server is needed. */
class OpenTenBaseTest {
    private final OpenTenBase flavor = new OpenTenBase();
    private final Engine engine = XlEngine.openTenBase(Optional.of(Path.of("/opt/otb")));

    @Test
    void tellsInitdbTheKindOfNodeAndItsGtmButNoPassword() throws Exception {
        assertThat(flavor.initdb(Sites.datanode()))
                .containsExactly(
                        "--nodetype=datanode",
                        "--master_gtm_nodename=" + Sites.gtm(Optional.empty()).gtm(),
                        "--master_gtm_ip=10.1.0.9",
                        "--master_gtm_port=6666",
                        "--waldir=/wal/data_m_1");
        assertThat(flavor.initdb(Sites.coordinator())).contains("--nodetype=coordinator");
    }

    @Test
    void namesTheDirectoryInWhichAGtmWritesItsLogs() {
        Site site = Sites.datanode();

        assertThat(engine.logDirectories(site))
                .contains(site.stateDirectory(), site.dataDirectory().resolve("gtm_log"));
    }

    @Test
    void cannotMakeANodeWithoutAGtm() {
        Site site = Sites.datanode();
        Site without = site.with(site.spec().withGtm(Optional.empty()));

        assertThatThrownBy(() -> flavor.initdb(without))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("needs a GTM");
        assertThat(engine.refusals(without.spec())).isNotEmpty();
    }

    @Test
    void serversReachThoseOfTheirOwnHostOverTcpAndWithoutPasswords() {
        ServerCommand coordinator = engine.command(Sites.coordinator());

        assertThat(coordinator.arguments())
                .containsExactly("/opt/otb/bin/postgres", "--coordinator", "-D", "/data/coord_m_1");
        assertThat(coordinator.environment())
                .containsEntry("PGHOST", "10.1.0.1")
                .doesNotContainKey("PGPASSFILE");
    }

    @Test
    void hasNoGtmInItsSettings() {
        assertThat(NodeSettings.managed(Sites.datanode(), flavor))
                .contains("password_encryption = 'scram-sha-256'", "pgxc_node_name = 'data_m_1'")
                .doesNotContain("gtm_host");
        assertThat(flavor.nodeDirectories()).containsExactly("pg_log");
        assertThat(flavor.defaults()).contains("\ninit_pool_size = 2\n");
    }

    @Test
    void saysInOneNoteThatADatanodeCameTooLate() {
        assertThat(XlLink.noteOnRows(false, false)).isEmpty();
        assertThat(XlLink.noteOnRows(true, false).orElseThrow())
                .startsWith("holds no rows: ")
                .doesNotContain("new ones");
        assertThat(XlLink.noteOnRows(true, true).orElseThrow())
                .startsWith("holds no rows: ")
                .contains("new ones too");
        assertThat(XlLink.noteOnRows(false, true).orElseThrow())
                .startsWith("gets no rows of distributed tables: ");
    }

    @Test
    void dumpsWithTheOptionsThatItAccepts() {
        assertThat(flavor.dumpOptions()).containsExactly("--schema-only", "--dump-nodes");
    }

    @Test
    void recognisesItsVersion() {
        assertThat(
                        Programs.version(
                                flavor.versionPattern(),
                                "postgres (PostgreSQL) 10.0 OpenTenBase V2"))
                .contains("10.0 OpenTenBase V2");
        assertThat(
                        Programs.version(
                                flavor.versionPattern(),
                                "postgres (PostgreSQL) 9.5alpha1 (Postgres-XL 9.5alpha1)"))
                .isEmpty();
    }

    @Test
    void makesDatanodesInAscendingOrderBeforeCoordinators() {
        List<NodeCatalog.Row> wanted =
                List.of(
                        row("coord_1", NodeKind.COORDINATOR),
                        row("data_2", NodeKind.DATANODE),
                        row("data_1", NodeKind.DATANODE));

        assertThat(NodeCatalog.statements(List.of(), List.of(), wanted))
                .extracting(statement -> statement.split(" ")[2])
                .containsExactly("\"data_1\"", "\"data_2\"", "\"coord_1\"");
    }

    @Test
    void givesTheSuperuserItsPasswordInOneLine() {
        assertThat(NodeRoles.superuserPassword(Sites.datanode().secrets().verifiers()))
                .startsWith("ALTER ROLE postgres LOGIN SUPERUSER PASSWORD '")
                .doesNotContain("\n");
    }

    private static NodeCatalog.Row row(String name, NodeKind kind) {
        return new NodeCatalog.Row(name, kind, new HostName("h").value(), 5432, false, false);
    }
}
