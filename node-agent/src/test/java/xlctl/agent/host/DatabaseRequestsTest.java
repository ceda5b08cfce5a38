package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.agent.host.TestHost.mustBeDone;
import static xlctl.agent.host.TestHost.name;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RolePower;
import xlctl.agent.api.StepKey;
import xlctl.agent.api.StopMode;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/** Databases and roles that controllers ask for, on real servers. */
class DatabaseRequestsTest extends StockClusterScenario {
    private static final SqlName SHOP = new SqlName("The \"shop\"; DROP TABLE x");
    private static final SqlName APP = new SqlName("app");
    private static final String HAS =
            "SELECT datname, datconnlimit, datallowconn, pg_get_userbyid(datdba),"
                    + " shobj_description(oid, 'pg_database') IS NULL"
                    + " FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')";

    @Test
    void aDatabaseIsClosedToClientsUntilItIsOpened() throws Exception {
        StepKey key = new StepKey(50, 1, 1);

        mustBeDone(first.ask(new Request.CreateDatabase(key, name(coordinator), SHOP, APP)));

        assertThat(ask(coordinator, HAS)).containsExactly(SHOP + "|0|t|app|f");
        assertThatThrownBy(() -> connect(coordinator))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("too many connections");
        mustBeDone(first.ask(new Request.OpenDatabase(later(key, 1), name(coordinator), SHOP)));
        mustBeDone(first.ask(new Request.OpenDatabase(later(key, 2), name(coordinator), SHOP)));
        assertThat(ask(coordinator, HAS)).containsExactly(SHOP + "|-1|t|app|t");
        try (Connection client = connect(coordinator)) {
            assertThat(
                            TestClient.query(
                                    client,
                                    "SELECT xl.version() > 0, count(*),"
                                            + " (SELECT count(*) FROM pg_foreign_server)"
                                            + " FROM pgxc_node"))
                    .containsExactly("t|2|2");
        }
    }

    @Test
    void onlyTheOperationThatMadeADatabaseMakesItAgainOrDropsIt() throws Exception {
        StepKey key = new StepKey(50, 1, 1);
        StepKey others = new StepKey(51, 1, 1);
        mustBeDone(first.ask(new Request.CreateDatabase(key, name(datanode), SHOP, APP)));

        mustBeDone(first.ask(new Request.CreateDatabase(later(key, 1), name(datanode), SHOP, APP)));
        assertThat(first.ask(new Request.CreateDatabase(others, name(datanode), SHOP, APP)))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
                            assertThat(failed.problems().toString()).contains("already");
                        });
        mustBeDone(first.ask(new Request.DropDatabase(later(others, 1), name(datanode), SHOP)));
        assertThat(ask(datanode, HAS)).hasSize(1);
        mustBeDone(first.ask(new Request.DropDatabase(later(key, 2), name(datanode), SHOP)));
        mustBeDone(first.ask(new Request.DropDatabase(later(key, 3), name(datanode), SHOP)));
        assertThat(ask(datanode, HAS)).isEmpty();
    }

    @Test
    void anOpenedDatabaseIsDroppedByNoOperation() throws Exception {
        StepKey key = new StepKey(50, 1, 1);
        mustBeDone(first.ask(new Request.CreateDatabase(key, name(datanode), SHOP, APP)));
        mustBeDone(first.ask(new Request.OpenDatabase(later(key, 1), name(datanode), SHOP)));

        mustBeDone(first.ask(new Request.DropDatabase(later(key, 2), name(datanode), SHOP)));

        assertThat(ask(datanode, HAS)).hasSize(1);
    }

    @Test
    void whatABrokenOffAttemptLeftIsReplacedAndDropped() throws Exception {
        StepKey key = new StepKey(50, 1, 1);
        String left = "CREATE DATABASE xlctl_making_" + key.operation();
        execute(datanode, ServerRole.SUPERUSER, left);

        mustBeDone(first.ask(new Request.CreateDatabase(key, name(datanode), SHOP, APP)));
        assertThat(ask(datanode, HAS)).containsExactly(SHOP + "|0|t|app|f");

        execute(datanode, ServerRole.SUPERUSER, left);
        mustBeDone(first.ask(new Request.DropDatabase(later(key, 1), name(datanode), SHOP)));
        assertThat(ask(datanode, HAS)).isEmpty();
    }

    @Test
    void anOwnerThatIsNotThereIsRefused() {
        assertThat(
                        first.ask(
                                new Request.CreateDatabase(
                                        first.key(), name(datanode), SHOP, new SqlName("nobody"))))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().toString())
                                        .contains("the role nobody is not on data_m_1"));
    }

    @Test
    void aRoleThatOneCoordinatorMakesIsOnEveryNode() throws Exception {
        PasswordVerifier verifier =
                TestSecrets.of(NodeKind.COORDINATOR).verifiers().get(ServerRole.CLIENT);
        Request create =
                new Request.CreateRole(
                        first.key(),
                        name(coordinator),
                        new SqlName("O'Hara\"; DROP ROLE app"),
                        Set.of(RolePower.CREATEDB, RolePower.CREATEROLE),
                        verifier);

        mustBeDone(first.ask(create));

        for (Node node : List.of(coordinator, datanode)) {
            assertThat(
                            ask(
                                    node,
                                    "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb,"
                                            + " rolcreaterole, rolpassword FROM pg_authid"
                                            + " WHERE rolname LIKE 'O%'"))
                    .containsExactly("O'Hara\"; DROP ROLE app|t|f|t|t|" + verifier.value());
        }
        assertThat(
                        first.ask(
                                new Request.CreateRole(
                                        first.key(),
                                        name(datanode),
                                        new SqlName("x"),
                                        Set.of(),
                                        verifier)))
                .isInstanceOf(Reply.Failed.class);
    }

    @Test
    void aRoleThatANodeCannotTakeBecauseItIsGoneIsOnNone() throws Exception {
        mustBeDone(
                first.ask(new Request.Stop(first.key(), name(datanode), StopMode.IMMEDIATE, LONG)));

        Reply reply =
                first.ask(
                        new Request.CreateRole(
                                first.key(),
                                name(coordinator),
                                new SqlName("alice"),
                                Set.of(),
                                TestSecrets.of(NodeKind.COORDINATOR)
                                        .verifiers()
                                        .get(ServerRole.CLIENT)));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.UNREACHABLE);
                            assertThat(failed.problems().toString())
                                    .contains("role alice could not be made", "data_m_1 at ");
                        });
        assertThat(ask(coordinator, "SELECT 1 FROM pg_roles WHERE rolname = 'alice'")).isEmpty();
    }

    private static Connection connect(Node node) throws SQLException {
        String encoded = URLEncoder.encode(SHOP.value(), StandardCharsets.UTF_8);
        return TestClient.connect(node, ServerRole.CLIENT, encoded);
    }

    private static StepKey later(StepKey key, int steps) {
        return new StepKey(key.operation(), key.attempt(), key.step() + steps);
    }
}
