package xlctl.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** Records as a cluster has them. */
final class SampleRecords {
    static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456Z");
    static final HostName HOST = new HostName("127.0.1.3");

    static Topology topology(ClusterName cluster, int instances) {
        List<Node> nodes = new ArrayList<>();
        for (int number = 1; number <= instances; number++) {
            nodes.add(
                    new Node(
                            name(number),
                            NodeKind.DATANODE,
                            new OperatorFile("extra.conf", "shared_buffers = '256MB'\n"),
                            OperatorFile.NONE,
                            List.of(instance(number))));
        }
        return new Topology(cluster, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY, nodes);
    }

    static NodeName name(int number) {
        return new NodeName("data_m_" + number);
    }

    static Instance instance(int number) {
        return new Instance(
                new InstanceName(name(number), 1),
                new HostName("db-" + (number / 4) + ".cluster.example"),
                new Port(20_000 + number),
                Optional.of(new Port(40_000 + number)),
                new Directory("data/" + name(number)),
                Optional.of(new Directory("wal/" + name(number))));
    }

    static Presence presence(int applied) {
        return new Presence(
                HOST,
                "0.1.0",
                HostPort.parse("127.0.1.3:7422"),
                "ssh-ed25519 AAAA",
                applied,
                List.of(Problem.of("the disk is full", "make room")),
                NOW,
                Optional.of("machine-1"),
                Optional.of(
                        List.of(
                                new HeldInstance(
                                        new InstanceName(new NodeName("data_1"), 1),
                                        4,
                                        1,
                                        Optional.of(new Lineage("a cluster", "a life"))))));
    }

    static InstanceReport report(InstanceReport.State state) {
        return report(1, state);
    }

    static InstanceReport report(int number, InstanceReport.State state) {
        return new InstanceReport(
                instance(number).name(),
                state,
                Optional.of(Role.MASTER),
                Optional.of(1L),
                Optional.of(4711L),
                NOW,
                "",
                List.of());
    }

    static LockHolder holder(String who) {
        return new LockHolder(who, "host:1", "add datanode", NOW);
    }

    static OperationHeader operation(long number) {
        return new OperationHeader(
                number,
                "add datanode master data_m_1",
                "op",
                "host:1",
                NOW,
                OperationHeader.State.RUNNING,
                1,
                Optional.empty(),
                "");
    }

    private SampleRecords() {}
}
