package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.mustBeDone;
import static xlctl.agent.host.TestHost.name;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/** Datanodes that are gone for good while a table has rows on them. */
@Tag("slow")
class LostMembersTest extends StockClusterScenario {
    private static final String SERVERS =
            "SELECT srvname FROM pg_foreign_server WHERE srvname <> 'xl_gtm' ORDER BY 1";

    @Test
    void areTakenOutOneAfterTheOtherAndTheClusterGoesOn() throws Exception {
        Node lost = another(NodeKind.DATANODE, "data_m_2");
        Node alsoLost = another(NodeKind.DATANODE, "data_m_3");
        addWithDefinitions(lost, datanode, 3);
        addWithDefinitions(alsoLost, datanode, 4);
        makeTable(coordinator);
        second.close();

        assertThat(forget(lost).toString())
                .contains(
                        "data_m_2 in database postgres cannot be dropped",
                        "that datanode had rows of public.t (drop them, by xl.ddl)")
                .doesNotContain("data_m_3");
        assertThatThrownBy(() -> dropTable(coordinator))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("data_m_3 at ");
        assertThat(forget(alsoLost).toString()).contains("data_m_2 in ", "data_m_3 in ");

        assertThat(problems(first)).contains("data_m_2 in database", "data_m_3 in database");
        assertThat(first.inspect().obstacles()).contains(List.of());
        assertThat(first.inspect().leftovers().orElseThrow())
                .extracting(Leftover::node)
                .containsExactly("data_m_2", "data_m_3");
        mustBeDone(first.stop(coordinator, StopMode.FAST));
        mustBeDone(first.start(coordinator));
        mustBeDone(
                first.ask(
                        new Request.CreateDatabase(
                                first.key(),
                                name(coordinator),
                                new SqlName("shop"),
                                new SqlName("app"))));
        mustBeDone(
                first.ask(
                        new Request.OpenDatabase(
                                first.key(), name(coordinator), new SqlName("shop"))));
        TestHost third = host("127.0.6.3");
        Node added = node(NodeKind.COORDINATOR, "coord_m_2", "127.0.6.3");
        lockDdl();
        mustBeDone(third.prepare(store, added));
        mustBeDone(
                third.ask(
                        new Request.CopyDefinitions(
                                third.key(),
                                name(added),
                                coordinator.instances().get(0).address())));
        mustBeDone(third.start(added));
        assertThat(leftovers(first, third.commit(store, added))).hasSize(2);
        assertThat(leftovers(third, 7)).hasSize(2);
        unlockDdl();

        dropTable(added);
        makeTable(added);

        for (Node through : List.of(coordinator, added)) {
            assertThat(TestClient.query(through, ServerRole.CLIENT, "SELECT count(*) FROM t"))
                    .containsExactly("100");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(ask(through, SERVERS)).containsExactly("data_m_1"));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> problems(first).isEmpty());
        converged(third, 7);
    }

    /** As {@code remove ... --lost} does. */
    private List<?> forget(Node lost) {
        lockDdl();
        List<?> left = leftovers(first, TestHost.remove(store, lost));
        unlockDdl();
        return left;
    }

    private static List<?> leftovers(TestHost host, int version) {
        Reply reply = host.await(version);
        assertThat(reply).isInstanceOf(Reply.Converged.class);
        Reply.Converged converged = (Reply.Converged) reply;
        assertThat(converged.topologyVersion()).isEqualTo(version);
        return converged.leftovers().orElseThrow();
    }

    private void lockDdl() {
        mustBeDone(first.ask(new Request.LockDdl(first.key(), name(coordinator), LONG)));
    }

    private void unlockDdl() {
        mustBeDone(first.ask(new Request.UnlockDdl(first.key(), name(coordinator))));
    }

    private static void makeTable(Node through) throws SQLException {
        execute(
                through,
                ServerRole.CLIENT,
                "CALL xl.create_table('CREATE TABLE t (a int PRIMARY KEY)', 'hash(a)')",
                "INSERT INTO t SELECT generate_series(1, 100)");
    }

    private static void dropTable(Node through) throws SQLException {
        execute(through, ServerRole.CLIENT, "CALL xl.ddl('DROP TABLE t')");
    }
}
