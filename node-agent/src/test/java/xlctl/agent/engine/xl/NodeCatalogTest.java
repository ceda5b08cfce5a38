package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.Places;

class NodeCatalogTest {
    private static final Site COORDINATOR = Sites.coordinator();

    @Test
    void aNewServersCatalogIsMadeRight() {
        List<NodeCatalog.Row> fresh = List.of(coordinator("coord_m_1", "localhost", 5432));

        assertThat(
                        NodeCatalog.statements(
                                fresh, fresh, NodeCatalog.wanted(COORDINATOR, Sites.catalog())))
                .containsExactly(
                        "ALTER NODE \"coord_m_1\" WITH"
                                + " (TYPE = 'coordinator', HOST = '10.1.0.1', PORT = 5432)",
                        "CREATE NODE \"data_m_1\" WITH (TYPE = 'datanode', HOST = '10.1.0.2',"
                                + " PORT = 5433, PRIMARY = TRUE, PREFERRED = FALSE)",
                        "CREATE NODE \"data_m_2\" WITH (TYPE = 'datanode', HOST = '10.1.0.1',"
                                + " PORT = 5433, PRIMARY = FALSE, PREFERRED = TRUE)",
                        "CREATE NODE \"coord_m_2\" WITH"
                                + " (TYPE = 'coordinator', HOST = '10.1.0.2', PORT = 5432)");
    }

    @Test
    void nothingIsWrittenWhereEverythingIsRight() {
        List<NodeCatalog.Row> wanted = NodeCatalog.wanted(COORDINATOR, Sites.catalog());

        assertThat(NodeCatalog.statements(wanted, wanted, wanted)).isEmpty();
        assertThat(NodeCatalog.surplus(wanted, wanted, Sites.catalog())).isEmpty();
    }

    @Test
    void aCoordinatorPrefersTheDatanodesOfItsPlace() {
        Places together =
                new Places(
                        Map.of(
                                new HostName("10.1.0.1"), "machine-1",
                                new HostName("10.1.0.2"), "machine-1"));

        assertThat(NodeCatalog.wanted(COORDINATOR, Sites.catalog(together)))
                .filteredOn(NodeCatalog.Row::preferred)
                .extracting(NodeCatalog.Row::name)
                .containsExactly("data_m_1", "data_m_2");
    }

    @Test
    void aCoordinatorPrefersNoMoreDatanodesThanItCanTakeNoticeOf() {
        List<Catalog.Entry> datanodes = new ArrayList<>();
        for (int number = 100; number < 170; number++) {
            datanodes.add(
                    Sites.entry("data_" + number, NodeKind.DATANODE, "10.1.0.1", 5000 + number));
        }
        Catalog catalog =
                new Catalog(datanodes, Set.of(), Sites.CLIENTS_FROM_TEN, Map.of(), Places.UNKNOWN);

        assertThat(NodeCatalog.wanted(COORDINATOR, catalog))
                .filteredOn(NodeCatalog.Row::preferred)
                .hasSize(64)
                .last()
                .extracting(NodeCatalog.Row::name)
                .isEqualTo("data_163");
    }

    @Test
    void datanodesPreferNone() {
        Site datanode =
                Sites.site(EngineKind.POSTGRES_XL, NodeKind.DATANODE, "data_m_2", "10.1.0.1", 5433);

        assertThat(NodeCatalog.wanted(datanode, Sites.catalog()))
                .hasSize(4)
                .noneMatch(NodeCatalog.Row::preferred)
                .noneMatch(NodeCatalog.Row::primary);
    }

    @Test
    void theNextDatanodeIsPrimaryOnlyAfterTheOneBeforeIsNot() {
        List<NodeCatalog.Row> present = new ArrayList<>();
        present.add(datanode("data_m_2", false));
        present.add(datanode("data_m_1", true));
        List<NodeCatalog.Row> wanted =
                List.of(datanode("data_m_2", true), datanode("data_m_1", false));

        assertThat(NodeCatalog.statements(present, present, wanted))
                .extracting(NodeCatalogTest::primaryIn)
                .containsExactly("ALTER NODE \"data_m_1\" FALSE");
        assertThat(NodeCatalog.primaryStatements(present, wanted))
                .extracting(NodeCatalogTest::primaryIn)
                .containsExactly("ALTER NODE \"data_m_2\" TRUE");
        List<NodeCatalog.Row> left = List.of(present.get(0));
        List<NodeCatalog.Row> alone = List.of(datanode("data_m_2", true));
        assertThat(NodeCatalog.statements(present, left, alone)).isEmpty();
        assertThat(NodeCatalog.primaryStatements(present, alone)).hasSize(1);
        assertThat(NodeCatalog.primaryStatements(left, alone)).isEmpty();
    }

    private static String primaryIn(String statement) {
        return statement.replaceAll(" WITH.*PRIMARY = (\\w+),.*", " $1");
    }

    @Test
    void whatIsNoPartOfTheClusterIsSurplus() {
        NodeCatalog.Row gone = datanode("data_m_9", false);
        List<NodeCatalog.Row> wanted = NodeCatalog.wanted(COORDINATOR, Sites.catalog());
        List<NodeCatalog.Row> present = new ArrayList<>(wanted);
        present.add(gone);

        assertThat(NodeCatalog.surplus(present, wanted, Sites.catalog())).containsExactly(gone);
        assertThat(NodeCatalog.drop(gone)).isEqualTo("DROP NODE \"data_m_9\"");
    }

    @Test
    void standInsAreOfTheSameKindAndSortAfterAllOthers() {
        List<NodeCatalog.Row> present =
                List.of(
                        coordinator("coord_m_1", "10.1.0.1", 5432),
                        coordinator("zz", "10.1.0.2", 5432),
                        datanode("data_m_1", false),
                        datanode("~", false));

        assertThat(NodeCatalog.standIns(COORDINATOR, present, present.subList(1, 4)))
                .extracting(NodeCatalog::create)
                .containsExactly(
                        "CREATE NODE \"~~\" WITH"
                                + " (TYPE = 'coordinator', HOST = '10.1.0.1', PORT = 1)",
                        "CREATE NODE \"~~~\" WITH (TYPE = 'datanode', HOST = '10.1.0.1',"
                                + " PORT = 1, PRIMARY = FALSE, PREFERRED = FALSE)",
                        "CREATE NODE \"~~~~\" WITH (TYPE = 'datanode', HOST = '10.1.0.1',"
                                + " PORT = 1, PRIMARY = FALSE, PREFERRED = FALSE)");
        assertThat(NodeCatalog.standIns(COORDINATOR, present, List.of())).isEmpty();
    }

    @Test
    void aServerThatIsNoMemberYetKnowsItselfAndForgetsNobody() {
        Catalog empty = Catalog.empty(Sites.CLIENTS_FROM_TEN);
        List<NodeCatalog.Row> present =
                List.of(
                        coordinator("coord_m_1", "10.1.0.1", 5432),
                        coordinator("coord_m_2", "10.1.0.2", 5432));
        List<NodeCatalog.Row> wanted = NodeCatalog.wanted(COORDINATOR, empty);

        assertThat(wanted).containsExactly(coordinator("coord_m_1", "10.1.0.1", 5432));
        assertThat(NodeCatalog.surplus(present, wanted, empty)).isEmpty();
        assertThat(NodeCatalog.statements(present, present, wanted)).isEmpty();
    }

    private static NodeCatalog.Row coordinator(String name, String host, int port) {
        return new NodeCatalog.Row(name, NodeKind.COORDINATOR, host, port, false, false);
    }

    private static NodeCatalog.Row datanode(String name, boolean primary) {
        return new NodeCatalog.Row(name, NodeKind.DATANODE, "10.1.0.2", 5433, false, primary);
    }
}
