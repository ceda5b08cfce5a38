package xlctl.shell.script;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.store.Backup;
import xlctl.store.ClusterSecrets;
import xlctl.store.Snapshot;
import xlctl.store.Versioned;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** Clusters as the controller would see them. */
public final class Clusters {
    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final int VERSION = 7;

    private Clusters() {}

    public static ClusterView empty() {
        return new ClusterView(
                new ClusterName("postgresql-1"),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** A cluster of these members, with a topology of version 7 that has their nodes. */
    public static ClusterView of(MemberView... members) {
        return of(EngineKind.POSTGRESQL, members);
    }

    public static ClusterView of(EngineKind engine, MemberView... members) {
        List<Node> nodes =
                List.of(members).stream()
                        .map(
                                member ->
                                        new Node(
                                                member.instance().name().node(),
                                                member.kind(),
                                                member.kind() == NodeKind.COORDINATOR
                                                        ? new OperatorFile("extra.conf", "a\nb\n")
                                                        : OperatorFile.NONE,
                                                OperatorFile.NONE,
                                                List.of(member.instance())))
                        .toList();
        Topology topology =
                new Topology(new ClusterName("postgresql-1"), engine, Networks.HOSTS_ONLY, nodes);
        return new ClusterView(
                topology.cluster(),
                Optional.of(new Versioned<>(topology, VERSION)),
                List.of(members),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** Of a cluster with one datanode. */
    public static Backup backup() {
        ClusterView view = of(up(NodeKind.DATANODE, "data_m_1", "h1"));
        Snapshot now =
                new Snapshot(
                        view.topology(),
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        Optional.of(new Versioned<>(ClusterSecrets.generate(), 0)),
                        new TreeMap<>());
        return Backup.of(view.cluster(), NOON, now).orElseThrow();
    }

    /** A master that is up and current. */
    public static MemberView up(NodeKind kind, String name, String host) {
        Instance instance = instance(kind, name, host);
        return new MemberView(
                instance,
                kind,
                Role.MASTER,
                true,
                MemberView.Source.AGENT,
                Optional.of(
                        new InstanceReport(
                                instance.name(),
                                InstanceReport.State.UP,
                                Optional.of(Role.MASTER),
                                Optional.of(1L),
                                Optional.of(4711L),
                                NOON,
                                "",
                                List.of())),
                OptionalInt.of(VERSION),
                List.of());
    }

    /** The same, with notes of its agent. */
    public static MemberView noted(MemberView member, String... notes) {
        InstanceReport report = member.report().orElseThrow();
        return new MemberView(
                member.instance(),
                member.kind(),
                member.role(),
                member.running(),
                member.source(),
                Optional.of(
                        new InstanceReport(
                                report.instance(),
                                report.state(),
                                report.role(),
                                report.timeline(),
                                report.pid(),
                                report.since(),
                                report.why(),
                                List.of(notes))),
                member.appliedTopology(),
                member.warnings());
    }

    /** A master that should run and does not. */
    public static MemberView down(NodeKind kind, String name, String host) {
        return notRunning(
                up(kind, name, host),
                InstanceReport.State.DOWN,
                Optional.empty(),
                "its process ended with status 1");
    }

    /** A master whose process lives, and that answers no more. */
    public static MemberView silent(NodeKind kind, String name, String host) {
        return notRunning(
                up(kind, name, host),
                InstanceReport.State.SILENT,
                Optional.of(4711L),
                "it was asked, and does not answer");
    }

    public static MemberView starting(NodeKind kind, String name, String host) {
        return notRunning(
                up(kind, name, host),
                InstanceReport.State.STARTING,
                Optional.of(4711L),
                "the database system is starting up");
    }

    public static MemberView refusing(NodeKind kind, String name, String host) {
        return notRunning(
                up(kind, name, host),
                InstanceReport.State.REFUSING,
                Optional.of(4711L),
                "GTM error, could not obtain snapshot");
    }

    private static MemberView notRunning(
            MemberView up, InstanceReport.State state, Optional<Long> pid, String why) {
        return new MemberView(
                up.instance(),
                up.kind(),
                Role.MASTER,
                false,
                MemberView.Source.AGENT,
                Optional.of(
                        new InstanceReport(
                                up.instance().name(),
                                state,
                                Optional.empty(),
                                Optional.empty(),
                                pid,
                                NOON,
                                why,
                                List.of())),
                OptionalInt.of(VERSION),
                List.of("it is " + state.name().toLowerCase(Locale.ROOT) + " since noon: " + why));
    }

    /** A master that answers although its agent does not, and lags behind the topology. */
    public static MemberView behind(NodeKind kind, String name, String host) {
        MemberView up = up(kind, name, host);
        return new MemberView(
                up.instance(),
                kind,
                Role.MASTER,
                true,
                MemberView.Source.SERVER,
                Optional.empty(),
                OptionalInt.of(VERSION - 1),
                List.of("its agent is silent", "its catalog is at version 6, not 7"));
    }

    /** One whose agent is away, and that cannot be asked without it. */
    public static MemberView unasked(NodeKind kind, String name, String host) {
        return new MemberView(
                instance(kind, name, host),
                kind,
                Role.MASTER,
                false,
                MemberView.Source.NOBODY,
                Optional.empty(),
                OptionalInt.empty(),
                List.of("whether its server runs is not known"));
    }

    private static Instance instance(NodeKind kind, String name, String host) {
        return new Instance(
                new InstanceName(new NodeName(name), 1),
                new HostName(host),
                new Port(5432),
                kind.inCatalog() ? Optional.of(new Port(15432)) : Optional.empty(),
                new Directory("data/" + name),
                kind == NodeKind.DATANODE
                        ? Optional.of(new Directory("wal/" + name))
                        : Optional.empty());
    }
}
