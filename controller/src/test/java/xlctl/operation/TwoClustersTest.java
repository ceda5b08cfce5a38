package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import xlctl.command.Command;
import xlctl.store.Backup;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.RecordTree;
import xlctl.store.Versioned;
import xlctl.swarm.SwarmNames;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/**
 * Two clusters in one ZooKeeper, with the same names for hosts and nodes: neither sees, waits for
 * or changes anything of the other.
 */
class TwoClustersTest {
    private static final ClusterName NEIGHBOUR = new ClusterName("test-2");
    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final HostName HOST = new HostName("h1");

    @TestFactory
    Stream<DynamicTest> noCommandTouchesARecordOfTheOtherWhoseLockIsHeldAndOperationOpen() {
        return Scenario.all().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.toString(), () -> runBeside(scenario)));
    }

    private static void runBeside(Scenario scenario) {
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            ClusterStore neighbour = neighbourOf(world);
            Map<String, String> records = dump(neighbour);

            List<Outcome> outcomes =
                    world.controller("first").run(scenario.asked(), QUIET, new Cancellation());

            assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
            scenario.assertConsistent(world, before);
            assertThat(dump(neighbour)).isEqualTo(records).hasSizeGreaterThan(12);
        }
    }

    @Test
    void aBackupHasNothingOfTheOtherAndARestoreLeavesItAlone() {
        try (World lost = new World("h1");
                World world = new World("h1")) {
            lost.with(GTM);
            var unused = neighbourOf(lost);
            Backup backup =
                    Backup.of(World.CLUSTER, Instant.EPOCH, lost.store().snapshot()).orElseThrow();
            assertThat(backup.text()).doesNotContain("neighbours_gtm", NEIGHBOUR.value());
            ClusterStore neighbour = neighbourOf(world);
            Map<String, String> records = dump(neighbour);
            HostRecord host = world.store().hosts().get(HOST).value();
            world.store().change().deleteHost(host.host(), 0).commit();

            Outcome outcome = world.controller().restore(backup, false, QUIET, new Cancellation());

            assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
            assertThat(world.store().topology().orElseThrow().value().nodes()).hasSize(1);
            assertThat(dump(neighbour)).isEqualTo(records);
        }
    }

    @Test
    void anEmptiedPlaceBesideAWholeOneIsNoticed() {
        try (World world = new World("h1", "h2")) {
            var unused = neighbourOf(world);
            world.store().change().createPresence(presence("data_9")).commit();

            Outcome outcome =
                    world.controller().run(List.of(GTM), QUIET, new Cancellation()).get(0);

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems().toString()).contains("data_9", "restore FILE");
        }
    }

    /**
     * Docker's names of one cluster's things are none of another's, whatever the two are called.
     */
    @Test
    void noNameInDockerIsThatOfTheOther() {
        SwarmNames one = new SwarmNames(new ClusterName("a"));
        SwarmNames other = new SwarmNames(new ClusterName("a-b"));

        assertThat(one.service(new HostName("b-c"))).isNotEqualTo(other.service(new HostName("c")));
        assertThat(one.secret("ssh-key")).isNotEqualTo(other.secret("ssh-key"));
        assertThat(one.clientName(new HostName("b-c")))
                .isNotEqualTo(other.clientName(new HostName("c")));
    }

    /** A cluster with records of every sort, that is being changed by somebody. */
    private static ClusterStore neighbourOf(World world) {
        ClusterStore store = world.neighbour(NEIGHBOUR);
        Node node = World.node(NodeKind.GTM, "neighbours_gtm", "h1", 5432, "data");
        InstanceName instance = node.instances().get(0).name();
        store.change()
                .createTopology(
                        Topology.empty(NEIGHBOUR, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY)
                                .with(node))
                .createNodeState(NodeState.first(instance, Instant.EPOCH, "test"))
                .createSecrets(ClusterSecrets.generate())
                .createHost(
                        new HostRecord(
                                HOST, HostPort.parse("h1:7422"), "ssh-ed25519 BBBB", Instant.EPOCH))
                .createLock(new LockHolder("neighbour", "there", "add", Instant.EPOCH))
                .createOperation(
                        new OperationHeader(
                                1,
                                "add gtm master neighbours_gtm",
                                "neighbour",
                                "there",
                                Instant.EPOCH,
                                OperationHeader.State.RUNNING,
                                1,
                                Optional.empty(),
                                ""),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        2)
                .commit();
        store.change().createPresence(presence("neighbours_gtm")).commit();
        store.change()
                .createInstance(
                        new InstanceReport(
                                instance,
                                InstanceReport.State.UP,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Instant.EPOCH,
                                "",
                                List.of()))
                .commit();
        return store;
    }

    private static Presence presence(String holding) {
        return new Presence(
                HOST,
                "test",
                HostPort.parse("h1:7422"),
                "ssh-ed25519 AAAA",
                -1,
                List.of(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.of(
                        List.of(
                                new HeldInstance(
                                        new InstanceName(new NodeName(holding), 1),
                                        3,
                                        1,
                                        Optional.empty()))));
    }

    /** Every record below its place, each with its version. */
    private static Map<String, String> dump(ClusterStore store) {
        Map<String, String> records = new TreeMap<>();
        collect(store.tree(), "/xlctl/" + store.cluster(), records);
        return records;
    }

    private static void collect(RecordTree tree, String path, Map<String, String> records) {
        for (Map.Entry<String, Versioned<byte[]>> child : tree.children(path).entrySet()) {
            Versioned<byte[]> record = child.getValue();
            String below = path + "/" + child.getKey();
            records.put(
                    below,
                    record.version() + " " + new String(record.value(), StandardCharsets.UTF_8));
            collect(tree, below, records);
        }
    }
}
