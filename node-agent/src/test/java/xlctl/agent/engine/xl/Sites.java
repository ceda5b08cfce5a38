package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestSecrets;
import xlctl.agent.tls.TlsFiles;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Places;
import xlctl.topology.Port;

/** Instances as an agent would be asked for them, on two hosts, for tests without servers. */
final class Sites {
    static final Networks CLIENTS_FROM_TEN =
            Networks.plain(List.of(), List.of(new Cidr("10.0.0.0/8")));

    private Sites() {}

    static GtmAddress gtm(Optional<HostPort> proxy) {
        return new GtmAddress(new NodeName("gtm_m_1"), address("10.1.0.9", 6666), proxy);
    }

    static Site coordinator() {
        return site(EngineKind.POSTGRES_XL, NodeKind.COORDINATOR, "coord_m_1", "10.1.0.1", 5432);
    }

    static Site datanode() {
        return site(EngineKind.POSTGRES_XL, NodeKind.DATANODE, "data_m_1", "10.1.0.1", 5433);
    }

    static Site site(EngineKind engine, NodeKind kind, String node, String host, int port) {
        Instance instance =
                new Instance(
                        InstanceName.parse(node + ".1"),
                        new HostName(host),
                        new Port(port),
                        Optional.of(new Port(port + 1000)),
                        new Directory(node),
                        Optional.of(new Directory(node + "-wal")));
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        engine,
                        kind,
                        instance,
                        CLIENTS_FROM_TEN,
                        Optional.of(gtm(Optional.empty())),
                        OperatorFile.NONE,
                        OperatorFile.NONE),
                TestSecrets.of(engine, kind),
                host,
                Path.of("/data/" + node),
                Optional.of(Path.of("/wal/" + node)),
                Path.of("/state/" + node),
                Path.of("/state/run"),
                new TlsFiles(Path.of("/state/tls")));
    }

    /** Of a coordinator and a datanode on each of two hosts. */
    static Catalog catalog() {
        return catalog(Places.UNKNOWN);
    }

    static Catalog catalog(Places places) {
        return new Catalog(
                List.of(
                        entry("coord_m_1", NodeKind.COORDINATOR, "10.1.0.1", 5432),
                        entry("coord_m_2", NodeKind.COORDINATOR, "10.1.0.2", 5432),
                        entry("data_m_1", NodeKind.DATANODE, "10.1.0.2", 5433),
                        entry("data_m_2", NodeKind.DATANODE, "10.1.0.1", 5433)),
                Set.of(new HostName("10.1.0.1"), new HostName("10.1.0.2")),
                CLIENTS_FROM_TEN,
                Map.of(),
                places);
    }

    static Catalog.Entry entry(String node, NodeKind kind, String host, int port) {
        return new Catalog.Entry(new NodeName(node), kind, address(host, port));
    }

    private static HostPort address(String host, int port) {
        return new HostPort(new HostName(host), new Port(port));
    }
}
