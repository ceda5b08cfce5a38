package xlctl.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.operation.World;
import xlctl.session.FakeAgents;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.HostRecord;
import xlctl.store.IdentityFiles;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.StepRecord;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperExtension;
import xlctl.swarm.InMemoryServices;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Port;
import xlctl.topology.Problem;

/** The whole controller on a real ZooKeeper, with agents that only pretend. */
class ControllerTest {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = World.add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final String KEY = "ssh-ed25519 AAAA";
    private static final String OTHER_KEY = "ssh-ed25519 BBBB";

    @TempDir private Path directory;
    private ClusterStore store;
    private FakeAgents agents;
    private Controller controller;

    @BeforeEach
    void open() {
        store = ZOOKEEPER.controllerStore();
        agents = new FakeAgents(() -> store.topology().map(Versioned::version).orElse(-1));
        controller =
                new Controller(
                        new ClusterStore(ZOOKEEPER.controller(), ZOOKEEPER.cluster()),
                        agents,
                        new InMemoryServices(ZOOKEEPER.cluster()),
                        settings(),
                        Clock.systemUTC());
        for (String host : List.of("h1", "h2")) {
            agents.host(host);
            agents.offerKey(host, KEY);
        }
    }

    @AfterEach
    void close() {
        controller.close();
    }

    @Test
    void hostsAreAcceptedMembersAddedLookedAtAndRemembered() {
        accept("h1");
        accept("h2");
        List<String> progress = Collections.synchronizedList(new ArrayList<>());

        List<CommandResult> results =
                controller.run(
                        List.of(GTM, COORDINATOR), (number, node, text) -> progress.add(text));

        assertThat(results).allMatch(result -> result.exit() == ExitCode.DONE);
        assertThat(progress).contains("prepare gtm_1 on h1", "start coord_1 on h2");
        assertThat(controller.look().members()).hasSize(2).allMatch(member -> member.healthy());
        assertThat(controller.operations())
                .extracting(OperationHeader::state)
                .containsExactly(OperationHeader.State.DONE, OperationHeader.State.DONE);
        OperationView view = controller.operation(2).orElseThrow();
        assertThat(view.plan().title()).isEqualTo("add coordinator master coord_1 h2 5432");
        assertThat(view.steps()).allMatch(step -> step.state() == StepRecord.State.DONE);
        assertThat(controller.operation(3)).isEmpty();
    }

    @Test
    void aDryRunSaysWhyNotWithItsExitCode() {
        accept("h1");
        accept("h2");
        agents.cutOff("h2");

        List<PlannedCommand> planned = controller.plan(List.of(GTM, COORDINATOR));

        assertThat(planned.get(0).plan()).isPresent();
        assertThat(planned.get(1).exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(store.topology()).isEmpty();
    }

    @Test
    void whileARecordlessAgentHoldsDataNoHostIsRegistered() {
        new ClusterStore(ZOOKEEPER.agent(), ZOOKEEPER.cluster())
                .change()
                .createPresence(
                        new Presence(
                                new HostName("h2"),
                                "1",
                                HostPort.parse("h2:7422"),
                                OTHER_KEY,
                                -1,
                                List.of(),
                                Instant.EPOCH,
                                Optional.empty(),
                                Optional.of(
                                        List.of(
                                                new HeldInstance(
                                                        new InstanceName(new NodeName("data_1"), 1),
                                                        4,
                                                        1,
                                                        Optional.empty())))))
                .commit();

        assertThatThrownBy(() -> accept("h1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.problems().toString())
                                        .contains("host h2 has data_1", "restore FILE"));
        assertThat(store.hosts()).isEmpty();
        assertThat(controller.look().emptied()).isPresent();
    }

    @Test
    void aKeyThatTheAgentDoesNotClaimIsNotAccepted() {
        new ClusterStore(ZOOKEEPER.agent(), ZOOKEEPER.cluster())
                .change()
                .createPresence(
                        new Presence(
                                new HostName("h1"),
                                "1",
                                HostPort.parse("127.0.0.9:7000"),
                                OTHER_KEY,
                                -1,
                                List.of(),
                                Instant.EPOCH))
                .commit();

        HostKeyOffer offer = controller.offeredKey(new HostName("h1"), Optional.empty());

        assertThat(offer.agent()).isEqualTo(HostPort.parse("127.0.0.9:7000"));
        assertThatThrownBy(() -> controller.acceptHost(offer))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("offers the key")
                .hasMessageContaining("says in ZooKeeper");
        assertThat(store.hosts()).isEmpty();
    }

    @Test
    void anAgentOfAnotherClusterIsNotRegistered() {
        agents.answersFor("h1", Problem.of("the agent at h1:7422 is of cluster other", "another"));

        assertThatThrownBy(() -> accept("h1"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is of cluster other");
        assertThat(store.hosts()).isEmpty();
    }

    @Test
    void theMachineThatAnAgentNamesIsRecordedAndRecordedAnew() {
        HostName host = new HostName("h1");
        accept("h1");
        ClusterStore agent = new ClusterStore(ZOOKEEPER.agent(), ZOOKEEPER.cluster());
        agent.change().createPresence(presence(host, "machine-1")).commit();

        assertThat(controller.offeredKey(host, Optional.empty()).alreadyAccepted()).isFalse();
        controller.acceptHost(controller.offeredKey(host, Optional.empty()));

        assertThat(store.hosts().get(host).value().place()).contains("machine-1");
        assertThat(controller.offeredKey(host, Optional.empty()).alreadyAccepted()).isTrue();
        agent.change().deletePresence(host, 0).commit();
        assertThat(controller.offeredKey(host, Optional.empty()).place()).contains("machine-1");
    }

    private Presence presence(HostName host, String place) {
        return new Presence(
                host,
                "1",
                new HostPort(host, new Port(7422)),
                controller.offeredKey(host, Optional.empty()).hostKey(),
                -1,
                List.of(),
                Instant.EPOCH,
                Optional.of(place),
                Optional.empty());
    }

    @Test
    void anOfferThatIsOutOfDateIsNotAccepted() {
        HostKeyOffer early = controller.offeredKey(new HostName("h1"), Optional.empty());
        accept("h1");

        assertThatThrownBy(() -> controller.acceptHost(early))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("in the meantime");
    }

    @Test
    void whileTheKeyIsReplacedNoAgentIsRegisteredThatWouldNotBeTold() {
        accept("h1");
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        agents.onRequest(
                request -> {
                    if (request instanceof Request.AdmitKey) {
                        accept("h1");
                        refusal.set(catchThrowable(() -> accept("h2")));
                    }
                });

        var unused = controller.run(List.of(new Command.RotateKeys()), (number, node, text) -> {});

        assertThat(refusal.get())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(
                        "host h2 cannot be registered while operation 1 replaces a shell's key");
        accept("h2");
        assertThat(store.hosts()).containsKey(new HostName("h2"));
    }

    @Test
    void aHostInstalledAnewIsAcceptedAgain() {
        accept("h1");
        agents.offerKey("h1", OTHER_KEY);

        HostRecord again =
                controller.acceptHost(
                        controller.offeredKey(
                                new HostName("h1"), Optional.of(HostPort.parse("h1:7500"))));

        assertThat(again.hostKey()).isEqualTo(OTHER_KEY);
        assertThat(again.agent()).isEqualTo(HostPort.parse("h1:7500"));
        assertThat(store.hosts().get(new HostName("h1")).value()).isEqualTo(again);
    }

    @Test
    void aServiceThatIsAcceptedAgainIsStillOne() {
        HostRecord first =
                new HostRecord(
                        new HostName("h1"),
                        HostPort.parse("h1:7422"),
                        OTHER_KEY,
                        Instant.EPOCH,
                        Optional.of("swarm-1"),
                        Optional.of("test_h1"));
        store.change().createHost(first).commit();

        accept("h1");

        HostRecord again = store.hosts().get(new HostName("h1")).value();
        assertThat(again.hostKey()).isEqualTo(KEY);
        assertThat(again.service()).contains("test_h1");
    }

    @Test
    void aKeyCannotBeFetchedFromNobody() {
        assertThatThrownBy(() -> controller.offeredKey(new HostName("h9"), Optional.empty()))
                .isInstanceOf(AgentUnreachableException.class);
    }

    @Test
    void opensWithTheFilesOfItsHome() throws Exception {
        IdentityFiles.write(settings().identityFile(), ZOOKEEPER.identities().controller());
        Files.writeString(settings().sshKey(), "key");
        Files.setPosixFilePermissions(
                settings().sshKey(), PosixFilePermissions.fromString("rw-------"));

        try (Controller opened = Controller.open(settings())) {
            assertThat(opened.look().members()).isEmpty();
        }
        Files.setPosixFilePermissions(
                settings().sshKey(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Controller.open(settings()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aZooKeeperThatIsNotThereIsSaid() throws Exception {
        IdentityFiles.write(settings().identityFile(), ZOOKEEPER.identities().controller());
        Files.writeString(settings().sshKey(), "key");
        Files.setPosixFilePermissions(
                settings().sshKey(), PosixFilePermissions.fromString("rw-------"));
        ControllerSettings elsewhere = settings("127.0.0.1:1");

        assertThatThrownBy(() -> Controller.open(elsewhere))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private void accept(String host) {
        controller.acceptHost(controller.offeredKey(new HostName(host), Optional.empty()));
    }

    private ControllerSettings settings() {
        return settings(ZOOKEEPER.connectString());
    }

    private ControllerSettings settings(String zooKeeper) {
        return new ControllerSettings(
                ZOOKEEPER.cluster(),
                zooKeeper,
                directory.resolve("identity"),
                directory.resolve("ssh-key"),
                EngineKind.POSTGRESQL,
                Networks.HOSTS_ONLY,
                Map.of(),
                new SwarmSettings(
                        false, "xlctl:test", ServiceSpec.Limits.NONE, Duration.ofSeconds(60)),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ZERO);
    }
}
