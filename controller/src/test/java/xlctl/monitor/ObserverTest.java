package xlctl.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.operation.World;
import xlctl.store.ClusterSecrets;
import xlctl.store.Presence;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

class ObserverTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final World world = new World("h1", "h2", "h3");
    private final List<Observer> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Observer::close);
        world.close();
    }

    @Test
    void membersAreListedInTheOrderOfTheTopologyAsTheirAgentsSeeThem() {
        threeMembers();

        ClusterView view = look(nobody());

        assertThat(view.members())
                .extracting(member -> member.instance().name().toString())
                .containsExactly("gtm_1.1", "coord_1.1", "data_1.1");
        assertThat(view.members())
                .allMatch(MemberView::healthy)
                .allMatch(member -> member.source() == MemberView.Source.AGENT)
                .allMatch(member -> member.appliedTopology().equals(OptionalInt.of(0)));
        assertThat(view.hosts()).hasSize(3).allMatch(host -> host.report().isPresent());
    }

    @Test
    void aWrongRoleAMissingVersionAndALostStoreAreWarnings() {
        threeMembers();
        world.agents().host("h1").reporting(Role.SLAVE);
        world.agents().host("h2").hasApplied(-1);
        world.agents().host("h3").withoutStore();

        List<MemberView> members = look(nobody()).members();

        assertThat(members).allMatch(MemberView::running).noneMatch(MemberView::healthy);
        assertThat(members.get(0).warnings())
                .containsExactly("it runs as a slave but should be a master");
        assertThat(members.get(1).warnings())
                .containsExactly(
                        "not converged: its host matches no version of the topology, which is at"
                                + " version 0");
        assertThat(members.get(2).warnings())
                .containsExactly("its agent is not connected to ZooKeeper");
    }

    @Test
    void aSilentAgentsServersAreAskedThemselves() {
        threeMembers();
        world.agents().silence("h2");
        world.agents().cutOff("h3");

        List<MemberView> members =
                look((server, as, limit) ->
                                server.host().value().equals("h2")
                                        ? new ServerAnswer(true, Optional.of(Role.MASTER), "")
                                        : ServerAnswer.silent("connection refused"))
                        .members();

        assertThat(members.get(0).healthy()).isTrue();
        assertThat(members.get(1).running()).isTrue();
        assertThat(members.get(1).source()).isEqualTo(MemberView.Source.SERVER);
        assertThat(members.get(1).warnings().toString()).contains("did not answer within 1 s");
        assertThat(members.get(2).running()).isFalse();
        assertThat(members.get(2).source()).isEqualTo(MemberView.Source.NOBODY);
        assertThat(members.get(2).warnings().toString()).contains("connection refused");
    }

    @Test
    void aGtmThatSpeaksNoSqlIsAskedByItsAgentOnly() {
        Node gtm = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
        Node datanode = World.node(NodeKind.DATANODE, "data_1", "h1", 5433, "data");
        found(EngineKind.POSTGRES_XL, gtm, datanode);
        world.agents().cutOff("h1");
        List<HostPort> asked = Collections.synchronizedList(new ArrayList<>());

        List<MemberView> members =
                look((server, as, limit) -> {
                            asked.add(server);
                            return new ServerAnswer(true, Optional.of(Role.MASTER), "");
                        })
                        .members();

        assertThat(asked).containsExactly(HostPort.parse("h1:5433"));
        assertThat(members.get(0).running()).isFalse();
        assertThat(members.get(0).warnings())
                .contains("whether its server runs is not known: only its agent can ask it");
        assertThat(members.get(1).running()).isTrue();
    }

    @Test
    void aServerThatWasNotAskedIsNotSaidToBeSilentWhenItsNeighboursAre() {
        Node gtm = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
        Node datanode = World.node(NodeKind.DATANODE, "data_1", "h1", 5433, "data");
        found(EngineKind.POSTGRES_XL, gtm, datanode);
        world.agents().silence("h1");

        List<MemberView> members = look(ObserverTest::neverAnswering).members();

        assertThat(members.get(0).warnings())
                .contains("whether its server runs is not known: only its agent can ask it");
        assertThat(members.get(1).warnings())
                .anyMatch(line -> line.startsWith("its server does not answer either: no answer"));
    }

    @Test
    void aServerThatHangsDoesNotMakeItsNeighbourSilent() {
        Node gtm = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
        Node datanode = World.node(NodeKind.DATANODE, "data_1", "h1", 5433, "data");
        found(gtm, datanode);
        world.agents().silence("h1");

        List<MemberView> members =
                look((server, as, limit) ->
                                server.port().value() == 5433
                                        ? new ServerAnswer(true, Optional.of(Role.MASTER), "")
                                        : neverAnswering(server, as, limit))
                        .members();

        assertThat(members.get(0).running()).isFalse();
        assertThat(members.get(1).running()).isTrue();
    }

    @Test
    void theDeadlineHoldsWhenNobodyAnswers() {
        threeMembers();
        world.agents().silence("h1");

        long began = System.nanoTime();
        ClusterView view = look(ObserverTest::neverAnswering);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DEADLINE.plusSeconds(2));
        assertThat(view.members().get(0).source()).isEqualTo(MemberView.Source.NOBODY);
        assertThat(view.hosts().get(0).unreachable().get().what())
                .contains("did not answer within 1 s");
    }

    @Test
    void anInstanceThatItsAgentDoesNotKnowIsNotRunning() {
        Node node = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
        found(node);

        MemberView member = look(nobody()).members().get(0);

        assertThat(member.running()).isFalse();
        assertThat(member.warnings()).contains("its agent does not know it");
    }

    @Test
    void aHostThatOffersItselfIsListedBesideTheRegisteredOnes() {
        world.store()
                .change()
                .createPresence(
                        new Presence(
                                new HostName("h4"),
                                "1",
                                HostPort.parse("h4:7422"),
                                "ssh-ed25519 AAAA",
                                -1,
                                List.of(),
                                Instant.EPOCH))
                .commit();

        List<HostView> hosts = observer(nobody()).hosts();

        assertThat(hosts)
                .extracting(host -> host.host().value())
                .containsExactly("h1", "h2", "h3", "h4");
        assertThat(hosts.get(3).record()).isEmpty();
        assertThat(hosts.get(3).presence()).isPresent();
    }

    @Test
    void anAgentWithAnotherKeySaysOverTheStoreWhatIsAmiss() {
        threeMembers();
        world.agents().cutOff("h3");
        world.store()
                .change()
                .createPresence(
                        new Presence(
                                new HostName("h3"),
                                "1",
                                HostPort.parse("h3:7422"),
                                "ssh-ed25519 BBBB",
                                -1,
                                List.of(Problem.of("data_1.1 is lost", "restore it")),
                                Instant.EPOCH))
                .commit();

        assertThat(look(nobody()).members().get(2).warnings().toString())
                .contains("has another SSH host key than the accepted one")
                .contains("its agent says: data_1.1 is lost (restore it)");
    }

    @Test
    void aRefusedConnectionIsNoLifeAndAForeignTalkerNeither() throws IOException {
        JdbcServerProbe probe = new JdbcServerProbe();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            long began = System.nanoTime();
            assertThat(ask(probe, port).running()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(5));
        }
        assertThat(ask(probe, port).running()).isFalse();
    }

    private static ServerAnswer ask(ServerProbe probe, int port) {
        return probe.ask(
                HostPort.parse("127.0.0.1:" + port),
                MonitorLogin.of(ClusterSecrets.generate()),
                Duration.ofSeconds(1));
    }

    private void threeMembers() {
        Node gtm = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
        Node coordinator = World.node(NodeKind.COORDINATOR, "coord_1", "h2", 5432, "coord");
        Node datanode = World.node(NodeKind.DATANODE, "data_1", "h3", 5432, "data");
        found(gtm, coordinator, datanode);
        world.agents().hosts().forEach(host -> host.hasApplied(0));
        List.of(gtm, coordinator, datanode)
                .forEach(
                        node ->
                                world.agents()
                                        .host(node.instances().get(0).host().value())
                                        .runs(node.instances().get(0).name()));
    }

    private void found(Node... nodes) {
        found(EngineKind.POSTGRESQL, nodes);
    }

    private void found(EngineKind engine, Node... nodes) {
        Topology topology =
                new Topology(World.CLUSTER, engine, Networks.HOSTS_ONLY, List.of(nodes));
        world.store().change().createTopology(topology).commit();
        world.store().change().createSecrets(ClusterSecrets.generate()).commit();
        for (Node node : nodes) {
            world.store()
                    .change()
                    .createNodeState(
                            NodeState.first(node.instances().get(0).name(), Instant.EPOCH, "test"))
                    .commit();
        }
    }

    private ClusterView look(ServerProbe probe) {
        return observer(probe).look();
    }

    private Observer observer(ServerProbe probe) {
        Observer observer = new Observer(world.store(), world.agents(), DEADLINE, probe);
        opened.add(observer);
        return observer;
    }

    private static ServerAnswer neverAnswering(HostPort server, MonitorLogin as, Duration limit) {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ServerAnswer.silent("interrupted");
    }

    private static ServerProbe nobody() {
        return (server, as, limit) -> ServerAnswer.silent("nobody is there");
    }
}
