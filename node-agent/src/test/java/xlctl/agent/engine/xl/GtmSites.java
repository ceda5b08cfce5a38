package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestHost;
import xlctl.agent.tls.TlsFiles;
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
import xlctl.topology.Port;
import xlctl.topology.Secret;

/** Sites of GTMs and their proxies under one directory. */
final class GtmSites {
    static final String HOST = "127.0.8.2";

    private GtmSites() {}

    static Site gtm(EngineKind engine, Path directory, String name, int port) throws IOException {
        return site(engine, NodeKind.GTM, Optional.empty(), directory, name, port, HOST, "");
    }

    static Site proxy(Path directory, String name, int port, HostPort gtm) throws IOException {
        return site(
                EngineKind.POSTGRES_XL,
                NodeKind.GTM_PROXY,
                Optional.of(new GtmAddress(new NodeName("gtm_1"), gtm, Optional.empty())),
                directory,
                name,
                port,
                HOST,
                "");
    }

    static Site site(
            EngineKind engine,
            NodeKind kind,
            Optional<GtmAddress> gtm,
            Path directory,
            String name,
            int port,
            String listen,
            String configuration)
            throws IOException {
        Instance instance =
                new Instance(
                        InstanceName.parse(name + ".1"),
                        new HostName(HOST),
                        new Port(port),
                        Optional.empty(),
                        new Directory(name),
                        Optional.empty());
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        engine,
                        kind,
                        instance,
                        Networks.HOSTS_ONLY,
                        gtm,
                        new OperatorFile("extra.conf", configuration),
                        OperatorFile.NONE),
                new InstanceSecrets(new Secret("s3cret"), Map.of(), Map.of()),
                listen,
                directory.resolve(name),
                Optional.empty(),
                Files.createDirectories(directory.resolve("state-" + name)),
                Files.createDirectories(directory.resolve("run")),
                new TlsFiles(directory.resolve("tls")));
    }

    static int freePort() throws IOException {
        return TestHost.freePort(HOST);
    }
}
