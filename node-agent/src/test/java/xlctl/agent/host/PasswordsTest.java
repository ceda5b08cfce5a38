package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.agent.host.TestHost.mustBeDone;
import static xlctl.agent.host.TestHost.name;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.topology.Logins;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** Servers that are given other passwords. */
class PasswordsTest extends StockClusterScenario {
    private static final Set<Logins> BOTH = Set.of(Logins.FIRST, Logins.SECOND);
    private static final Set<Logins> ONE = Set.of(Logins.FIRST);
    private static final Secret OLD = TestSecrets.PASSWORDS.get(ServerRole.SUPERUSER);
    private static final Secret NEW = new Secret("new");
    private static final String CONNECTED =
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'xlctl_internal%'"
                    + " ORDER BY 1";

    @Test
    void goOverToTheOtherLoginsWithoutTurningAnybodyAway() throws Exception {
        execute(
                coordinator,
                ServerRole.CLIENT,
                "CALL xl.create_table('CREATE TABLE t (a int PRIMARY KEY)', 'hash(a)')");
        try (Connection session = TestClient.connect(coordinator, ServerRole.CLIENT, "postgres");
                Statement statement = session.createStatement()) {
            statement.execute("INSERT INTO t SELECT generate_series(1, 9)");
            session.setAutoCommit(false);
            statement.execute("UPDATE t SET a = a");
            takeAll(BOTH, Logins.FIRST);
            takeAll(BOTH, Logins.SECOND);
            takeAll(Set.of(Logins.SECOND), Logins.SECOND);
            statement.execute("INSERT INTO t VALUES (10)");
            assertThat(TestClient.query(datanode, ServerRole.SUPERUSER, CONNECTED))
                    .containsExactly("xlctl_internal");
            session.commit();

            statement.execute("INSERT INTO t VALUES (11)");
            session.commit();

            assertThat(TestClient.query(datanode, ServerRole.SUPERUSER, CONNECTED))
                    .containsExactly("xlctl_internal_2");
            assertThat(TestClient.query(session, "SELECT count(*) FROM t")).containsExactly("11");
        }
        execute(coordinator, ServerRole.CLIENT, "CALL xl.ddl('ALTER TABLE t ADD COLUMN b int')");
        execute(
                coordinator,
                ServerRole.CLIENT,
                "CALL xl.ddl('CREATE SEQUENCE s')",
                "SELECT xl.nextval('s')");
        for (Node node : List.of(gtm, datanode, coordinator)) {
            assertThat(TestClient.query(node, ServerRole.MONITOR_2, "SELECT 1")).hasSize(1);
            assertThatThrownBy(() -> TestClient.query(node, ServerRole.MONITOR, "SELECT 1"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(Files.readString(stateOf(coordinator).resolve("pgpass")))
                .contains(":xlctl_internal_2:", ":xlctl_ddl_2:")
                .doesNotContain(":xlctl_internal:");
        assertThat(
                        ask(
                                datanode,
                                "SELECT rolname FROM pg_authid WHERE rolbypassrls AND NOT rolsuper ORDER BY 1"))
                .containsExactly("xlctl_internal", "xlctl_internal_2");
    }

    @Test
    void areEnteredByTheirAgentWithWhicheverPasswordTheSuperuserHas() throws Exception {
        mustBeDone(first.stop(datanode, StopMode.FAST));
        mustBeDone(take(datanode, NEW, ONE, Logins.FIRST));
        assertThat(former(datanode)).exists();
        first.stopAgent();
        first.startAgent();

        mustBeDone(first.start(datanode));

        assertThat(former(datanode)).doesNotExist();
        assertThat(login(datanode, NEW)).isEqualTo("in");
        assertThat(login(datanode, OLD)).contains("password authentication failed");
        mustBeDone(take(datanode, OLD, ONE, Logins.FIRST));
        assertThat(login(datanode, OLD)).isEqualTo("in");
        assertThat(former(datanode)).doesNotExist();
    }

    @Test
    void areFoundAgainAlthoughSeveralPasswordsNeverReachedThem() throws Exception {
        mustBeDone(first.stop(datanode, StopMode.FAST));
        mustBeDone(take(datanode, NEW, ONE, Logins.FIRST));
        mustBeDone(take(datanode, new Secret("newer"), ONE, Logins.FIRST));
        mustBeDone(take(datanode, new Secret("newest"), ONE, Logins.FIRST));

        mustBeDone(first.start(datanode));

        assertThat(login(datanode, new Secret("newest"))).isEqualTo("in");
        mustBeDone(take(datanode, OLD, ONE, Logins.FIRST));
    }

    @Tag("slow")
    @Test
    void waitForAChangeOfDefinitionsThatIsUnderWay() throws Exception {
        try (Connection change = TestClient.connect(datanode, ServerRole.SUPERUSER, "postgres");
                Statement statement = change.createStatement()) {
            change.setAutoCommit(false);
            statement.execute("LOCK TABLE pg_authid IN SHARE MODE");
            CountDownLatch waits = new CountDownLatch(1);
            CompletableFuture<Reply> taken =
                    CompletableFuture.supplyAsync(
                            () ->
                                    first.ask(
                                            request(datanode, OLD, BOTH, Logins.FIRST),
                                            line -> waits.countDown()));

            assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(taken).isNotDone();
            change.rollback();

            mustBeDone(taken.get(60, TimeUnit.SECONDS));
        }
        assertThat(TestClient.query(datanode, ServerRole.MONITOR_2, "SELECT 1")).hasSize(1);
    }

    @Test
    void areTakenWhateverElseDoesNotMatch() throws Exception {
        execute(coordinator, ServerRole.SUPERUSER, "CREATE DATABASE other");
        mustBeDone(first.start(coordinator));
        TestClient.execute(
                coordinator,
                ServerRole.SUPERUSER,
                "other",
                "SET xl.allow_local = on",
                "COMMENT ON SERVER data_m_1 IS 'not made by xlctl'");
        assertThat(first.start(coordinator)).isInstanceOf(Reply.Failed.class);

        takeAll(BOTH, Logins.FIRST);
        takeAll(BOTH, Logins.SECOND);
        takeAll(Set.of(Logins.SECOND), Logins.SECOND);

        execute(
                coordinator,
                ServerRole.CLIENT,
                "CALL xl.create_table('CREATE TABLE t (a int PRIMARY KEY)', 'hash(a)')",
                "INSERT INTO t VALUES (1)");
    }

    @Tag("slow")
    @Test
    void areAwaitedOfAServerThatShouldRun() throws Exception {
        first.stopAgent();
        TestHost.killAllIn(first.root().resolve("data_m_1"));
        storeIsDown = true;
        first.startAgent();
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Reply> taken =
                CompletableFuture.supplyAsync(
                        () ->
                                first.ask(
                                        request(datanode, OLD, BOTH, Logins.FIRST),
                                        line -> waits.countDown()));

        assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(taken).isNotDone();
        storeIsDown = false;

        assertThat(taken.get(60, TimeUnit.SECONDS))
                .isEqualTo(new Reply.Done("data_m_1.1 has the passwords"));
        assertThat(TestClient.query(datanode, ServerRole.MONITOR_2, "SELECT 1")).hasSize(1);
    }

    private void takeAll(Set<Logins> admitted, Logins used) {
        for (Node node : List.of(gtm, datanode, coordinator)) {
            mustBeDone(take(node, OLD, admitted, used));
        }
    }

    private Reply take(Node node, Secret superuser, Set<Logins> admitted, Logins used) {
        return first.ask(request(node, superuser, admitted, used));
    }

    private Request request(Node node, Secret superuser, Set<Logins> admitted, Logins used) {
        InstanceSecrets plain = TestSecrets.of(node.kind());
        Map<ServerRole, PasswordVerifier> verifiers = new EnumMap<>(ServerRole.class);
        verifiers.put(ServerRole.SUPERUSER, TestSecrets.scram(ServerRole.SUPERUSER, superuser));
        if (plain.verifiers().containsKey(ServerRole.CLIENT)) {
            verifiers.put(ServerRole.CLIENT, plain.verifiers().get(ServerRole.CLIENT));
        }
        for (Logins logins : admitted) {
            for (ServerRole role : List.of(logins.internal(), logins.ddl(), logins.monitor())) {
                verifiers.put(role, TestSecrets.scram(role, TestSecrets.PASSWORDS.get(role)));
            }
        }
        Map<ServerRole, Secret> also = new EnumMap<>(ServerRole.class);
        if (node.kind() != NodeKind.GTM) {
            admitted.forEach(logins -> also.putAll(outgoing(logins)));
        }
        return new Request.TakeSecrets(
                first.key(),
                name(node),
                new InstanceSecrets(
                        superuser,
                        node.kind() == NodeKind.GTM ? Map.of() : outgoing(used),
                        verifiers),
                also);
    }

    private static Map<ServerRole, Secret> outgoing(Logins logins) {
        return Map.of(
                logins.internal(), TestSecrets.PASSWORDS.get(logins.internal()),
                logins.ddl(), TestSecrets.PASSWORDS.get(logins.ddl()));
    }

    private Path stateOf(Node node) {
        return first.config().stateDirectory().resolve("instances/" + name(node));
    }

    private Path former(Node node) {
        return stateOf(node).resolve("former-superuser.json");
    }

    private static String login(Node node, Secret superuser) {
        try (Connection connection =
                DriverManager.getConnection(
                        "jdbc:postgresql://" + node.instances().get(0).address() + "/postgres",
                        "postgres",
                        superuser.reveal())) {
            return connection.isValid(5) ? "in" : "out";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }
}
