package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestClient.query;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Role;
import xlctl.topology.ServerRole;

class AgentHostTest extends OneHostScenario {
    @Test
    void bringsAnInstanceFromNothingToServiceAndBack() throws Exception {
        Node datanode = datanode("data_m_1");

        TestHost.mustBeDone(host.prepare(datanode));
        assertThat(host.report(datanode).state()).isEqualTo(State.PREPARED);

        TestHost.mustBeDone(host.start(datanode));
        InstanceReport up = host.report(datanode);
        assertThat(up.state()).isEqualTo(State.UP);
        assertThat(up.role()).contains(Role.MASTER);
        assertThat(up.timeline()).contains(1L);
        assertThat(up.why()).isEmpty();

        TestHost.mustBeDone(host.stop(datanode, StopMode.FAST));
        assertThat(host.report(datanode).state()).isEqualTo(State.STOPPED);
        assertThat(host.report(datanode).pid()).isEmpty();

        TestHost.mustBeDone(host.start(datanode));
        TestHost.mustBeDone(host.discard(datanode, Disposal.ERASE));
        assertThat(host.inspect().instances()).isEmpty();
        assertThat(host.root()).isEmptyDirectory();
        assertThat(host.config().stateDirectory().resolve("instances")).isEmptyDirectory();
    }

    @Test
    @DisplayName("D17: a server that runs is not started again")
    void doesEveryRequestTwiceAsOnce() throws Exception {
        Node datanode = datanode("data_m_1");

        assertThat(List.of(host.prepare(datanode), host.prepare(datanode)))
                .allMatch(Reply.Done.class::isInstance);
        assertThat(host.start(datanode)).isInstanceOf(Reply.Done.class);
        long pid = host.report(datanode).pid().orElseThrow();
        assertThat(host.start(datanode)).isInstanceOf(Reply.Done.class);
        assertThat(host.report(datanode).pid()).contains(pid);
        assertThat(List.of(host.kill(datanode), host.kill(datanode)))
                .allMatch(Reply.Done.class::isInstance);
        assertThat(host.report(datanode).state()).isEqualTo(State.STOPPED);
        assertThat(List.of(host.stop(datanode, StopMode.FAST)))
                .allMatch(Reply.Done.class::isInstance);
        Disposal erase = Disposal.ERASE;
        assertThat(List.of(host.discard(datanode, erase), host.discard(datanode, erase)))
                .allMatch(Reply.Done.class::isInstance);
    }

    @Test
    void refusesALowerGeneration() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        TestHost.mustBeDone(host.start(datanode, 5));
        TestHost.mustBeDone(host.stop(datanode, StopMode.FAST));

        Reply reply = host.start(datanode, 4);

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
                            assertThat(failed.problems().get(0).what()).contains("4", "5");
                        });
        assertThat(host.report(datanode).state()).isEqualTo(State.STOPPED);
    }

    @Test
    void startsACrashedServerAgain() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        long pid = host.report(datanode).pid().orElseThrow();

        TestHost.killAllIn(host.root().resolve("data_m_1"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> host.report(datanode).state() == State.UP);
        assertThat(host.report(datanode).pid()).isPresent().isNotEqualTo(pid);
        await().until(() -> host.inspect().problems().isEmpty());
    }

    @Test
    @DisplayName("D23: what a killed server left is in nobody's way")
    void endsWhatADeadPostmasterLeftBehindBeforeItStartsAnother() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        Path data = host.root().resolve("data_m_1");
        // A session that does not notice soon that its postmaster is gone.
        try (Connection session = TestClient.connect(datanode, ServerRole.SUPERUSER, "postgres")) {
            query(session, "SELECT 1");
            long postmaster = host.report(datanode).pid().orElseThrow();
            ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () ->
                                    host.report(datanode).state() == State.UP
                                            && host.report(datanode).pid().orElseThrow()
                                                    != postmaster);
            long now = host.report(datanode).pid().orElseThrow();
            assertThat(TestHost.serversIn(data))
                    .allMatch(
                            process ->
                                    process.pid() == now
                                            || process.parent().orElseThrow().pid() == now);
        }
    }

    @Test
    void leavesAStoppedServerStopped() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        TestHost.mustBeDone(host.stop(datanode, StopMode.IMMEDIATE));

        host.stopAgent();
        host.startAgent();

        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(3))
                .until(() -> host.report(datanode).state() == State.STOPPED);
    }

    @Test
    void refusesAServerThatDoesNotStopInTimeAndNamesItsProcesses() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        try (Connection session = TestClient.connect(datanode, ServerRole.SUPERUSER, "postgres")) {
            Reply reply =
                    host.ask(
                            new Request.Stop(
                                    host.key(),
                                    TestHost.name(datanode),
                                    StopMode.SMART,
                                    Duration.ofMillis(300)));

            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed ->
                                    assertThat(failed.problems().get(0).what())
                                            .contains("data_m_1.1", "processes"));
            assertThat(query(session, "SELECT 1")).containsExactly("1");
            assertThat(host.report(datanode).state()).isEqualTo(State.STOPPING);
        }
        TestHost.mustBeDone(host.stop(datanode, StopMode.SMART));
    }

    @Test
    void startsAServerThatIsStillShuttingDownOnceItIsDown() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        long pid = host.report(datanode).pid().orElseThrow();
        CompletableFuture<Reply> started;
        try (Connection session = TestClient.connect(datanode, ServerRole.SUPERUSER, "postgres")) {
            Duration limit = Duration.ofMillis(300);
            InstanceName name = TestHost.name(datanode);
            host.ask(new Request.Stop(host.key(), name, StopMode.SMART, limit));
            started = CompletableFuture.supplyAsync(() -> host.start(datanode));

            await().until(() -> host.report(datanode).state() == State.STARTING);
            assertThat(query(session, "SELECT 1")).containsExactly("1");
        }

        assertThat(started.get(30, TimeUnit.SECONDS)).isEqualTo(new Reply.Done("data_m_1.1 runs"));
        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
        assertThat(host.report(datanode).pid()).isPresent().isNotEqualTo(pid);
    }

    @Test
    void saysWhatAServerAnswersThatIsNotThereInTime() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        TestHost.mustBeDone(host.stop(datanode, StopMode.FAST));
        recoverWithoutEnd(host.root().resolve("data_m_1"));
        Duration limit = Duration.ofSeconds(6);

        Reply reply = host.ask(new Request.Start(host.key(), TestHost.name(datanode), 1, limit));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().get(0).what())
                                        .contains("does not answer after 6 s: ")
                                        .contains("not accepting connections"));
    }

    @Test
    void refusesToStartWithARecordThatItCannotRead() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        host.stopAgent();
        Path record = host.config().stateDirectory().resolve("instances/data_m_1.1/instance.json");
        String whole = Files.readString(record);
        Files.writeString(record, whole.substring(0, 20));

        assertThatThrownBy(host::startAgent)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(record.toString())
                .hasMessageContaining("restore the file");
        host.stopAgent();
        Files.writeString(record, whole);
        host.startAgent();
        assertThat(host.report(datanode).state()).isEqualTo(State.PREPARED);
    }

    @Test
    void refusesToStartWithARecordOfANewerAgent() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        host.stopAgent();
        Path record = host.config().stateDirectory().resolve("instances/data_m_1.1/instance.json");
        String whole = Files.readString(record);
        assertThat(whole).startsWith("{\"format\":2,");
        Files.writeString(record, whole.replace("{\"format\":2,", "{\"format\":3,"));

        assertThatThrownBy(host::startAgent)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(record + " has format 3")
                .hasMessageContaining("written by a newer xlctl");
        host.stopAgent();
        Files.writeString(record, whole);
        host.startAgent();
    }

    @Test
    void readsARecordOfAnAgentFromBeforeThereWereFormats() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        host.stopAgent();
        Path record = host.config().stateDirectory().resolve("instances/data_m_1.1/instance.json");
        String bare =
                Files.readString(record)
                        .replaceFirst("^\\{\"format\":2,\"record\":", "")
                        .replaceAll("\"(configuration|hba)\":\\{[^}]*\\}", "\"$1\":\"\"")
                        .replaceFirst("\\}$", "");
        assertThat(bare).startsWith("{\"spec\"").contains("\"configuration\":\"\",\"hba\":\"\"");
        Files.writeString(record, bare.replaceFirst(",\"lineage\":null", ""));

        host.startAgent();

        assertThat(host.report(datanode).state()).isEqualTo(State.PREPARED);
    }

    @Test
    void stopsServersWithItselfWhenItIsConfiguredTo() throws Exception {
        host.close();
        host = TestHost.stoppingWithServers(host.config(), this::connect);
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);

        host.stopAgent();
        assertThat(TestHost.serversIn(host.root().resolve("data_m_1"))).isEmpty();
        host.startAgent();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> host.report(datanode).state() == State.UP);
    }

    @Test
    void writesNoPasswordWhereOthersCouldReadIt() throws Exception {
        Node coordinator =
                node(NodeKind.COORDINATOR, "coord_m_1", ADDRESS, freePort(ADDRESS), "coord");
        host.add(store, coordinator);
        host.stopAgent();

        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (TestSecrets.PASSWORDS.values().stream()
                        .anyMatch(p -> text.contains(p.reveal()))) {
                    assertThat(file.getFileName().toString()).isIn("secrets.json", "pgpass");
                    assertThat(Files.getPosixFilePermissions(file))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                }
            }
        }
    }

    @Test
    void listsTheTablesOfUsersThatHaveRows() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);
        TestClient.execute(
                datanode,
                ServerRole.SUPERUSER,
                "postgres",
                "CREATE TABLE b AS SELECT 1 AS a",
                "CREATE TABLE empty (a int)",
                "CREATE TABLE a (a int) PARTITION BY HASH (a)",
                "CREATE TABLE a0 PARTITION OF a FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "INSERT INTO a VALUES (1)",
                "CREATE TEMP TABLE t AS SELECT 1 AS a",
                "CREATE DATABASE shop");
        TestClient.execute(
                datanode,
                ServerRole.SUPERUSER,
                "shop",
                "CREATE SCHEMA s",
                "CREATE TABLE s.orders AS SELECT 1 AS a");

        assertThat(host.ask(new Request.ListUserTables(TestHost.name(datanode))))
                .isEqualTo(
                        new Reply.UserTables(
                                List.of("postgres.public.a0", "postgres.public.b", "shop.s.orders"),
                                3));
    }
}
