package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.StopMode;
import xlctl.store.ClusterStore;
import xlctl.store.Presence;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.ServerRole;

/** What a host tells of itself in the store. */
class PublicationTest extends OneHostScenario {
    @Test
    void publishesWhatItFindsAndFollowsChanges() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);

        await().until(() -> store.presence().containsKey(host.config().host()));
        await().until(
                        () ->
                                store.instance(TestHost.name(datanode))
                                        .filter(report -> report.value().state() == State.UP)
                                        .isPresent());
        TestHost.mustBeDone(host.stop(datanode, StopMode.FAST));
        await().until(
                        () ->
                                store.instance(TestHost.name(datanode))
                                        .filter(report -> report.value().state() == State.STOPPED)
                                        .isPresent());
        host.stopAgent();
        assertThat(store.presence()).isEmpty();
        assertThat(store.instances()).isEmpty();
        host.startAgent();
        await().until(() -> store.presence().containsKey(host.config().host()));
    }

    @Test
    void tellsOfAServerThatDoesNotAnswerAnyMoreThatItIsSilent() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        await().until(() -> host.report(datanode).state() == State.UP);
        List<ProcessHandle> server = TestHost.serversIn(host.root().resolve("data_m_1"));

        TestHost.signal("STOP", server);
        try {
            await().until(() -> host.report(datanode).state() == State.SILENT);
            await().until(
                            () ->
                                    store.instance(TestHost.name(datanode))
                                            .filter(
                                                    report ->
                                                            report.value().state() == State.SILENT)
                                            .isPresent());
            host.stopAgent();
            host.startAgent();
            await().until(() -> host.report(datanode).state() == State.SILENT);
        } finally {
            TestHost.signal("CONT", server);
        }
        await().until(() -> host.report(datanode).state() == State.UP);
    }

    @Test
    void tellsOfAServerThatSaysItRecoversThatItIsStarting() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        Path data = host.root().resolve("data_m_1");
        recoverWithoutEnd(data);
        TestHost.killAllIn(data);
        await().until(() -> host.report(datanode).state() == State.STARTING);

        // One that did not start it knows only what the server says.
        host.stopAgent();
        host.startAgent();

        await().until(() -> host.report(datanode).why().contains("not accepting connections"));
        assertThat(host.report(datanode).state()).isEqualTo(State.STARTING);
        Files.delete(data.resolve("standby.signal"));
        TestHost.killAllIn(data);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> host.report(datanode).state() == State.UP);
    }

    @Test
    void tellsOfAServerThatTurnsItAwayThatItRefuses() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        try (Connection session = TestClient.connect(datanode, ServerRole.SUPERUSER, "template1");
                Statement statement = session.createStatement()) {
            statement.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS false");
        }

        host.stopAgent();
        host.startAgent();

        await().until(() -> host.report(datanode).state() == State.REFUSING);
        assertThat(host.report(datanode).why()).contains("not currently accepting connections");
    }

    @Test
    void publishesItselfAgainAfterItsSessionWasLost() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        await().until(() -> store.instances().containsKey(TestHost.name(datanode)));
        long pid = host.report(datanode).pid().orElseThrow();

        session.suspend();
        assertThat(host.inspect().storeConnected()).isFalse();
        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
        session.expire();

        await().until(
                        () ->
                                store.presence().containsKey(host.config().host())
                                        && store.instances().containsKey(TestHost.name(datanode)));
        assertThat(host.report(datanode).pid()).contains(pid);
        await().until(() -> host.inspect().problems().isEmpty());
    }

    @Test
    void leavesTheHostToAnotherAgentThatIsThere() throws Exception {
        host.stopAgent();
        ClusterStore other = connect();
        other.change().createPresence(presence("ssh-ed25519 BBBB")).commit();

        host.startAgent();

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> keys().equals(List.of("ssh-ed25519 BBBB")));
        other.close();
        await().until(() -> keys().equals(List.of("ssh-ed25519 AAAA")));
    }

    @Test
    void takesOverWhatAnEarlierSessionOfItsOwnLeft() throws Exception {
        host.stopAgent();
        ClusterStore earlier = connect();
        earlier.change().createPresence(presence("ssh-ed25519 AAAA")).commit();

        host.startAgent();

        await().until(
                        () ->
                                store.presence(host.config().host())
                                        .filter(now -> !now.value().since().equals(Instant.EPOCH))
                                        .isPresent());
        earlier.close();
        assertThat(keys()).containsExactly("ssh-ed25519 AAAA");
    }

    private List<String> keys() {
        return store.presence().values().stream().map(each -> each.value().hostKey()).toList();
    }

    private Presence presence(String key) {
        return new Presence(
                host.config().host(),
                "test",
                host.config().listen(),
                key,
                -1,
                List.of(),
                Instant.EPOCH);
    }
}
