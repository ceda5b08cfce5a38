package xlctl.agent.host;

import static xlctl.agent.host.TestHost.mustBeDone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.certificate.CertificateAuthority;
import xlctl.certificate.HostCertificate;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;
import xlctl.topology.TlsVersion;
import xlctl.topology.Topology;

/** A cluster with TLS: GTM and coordinator on one host, a datanode on another. */
abstract class EncryptedScenario {
    static final String FIRST_HOST = "127.0.7.1";
    static final String SECOND_HOST = "127.0.7.2";

    @TempDir Path directory;
    final CertificateAuthority authority =
            CertificateAuthority.create(TestHost.CLUSTER, Instant.now());
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    TestHost first;
    TestHost second;
    Node gtm;
    Node coordinator;
    Node datanode;

    @BeforeEach
    void startACluster() throws IOException {
        store.prepare();
        store.change()
                .createTopology(
                        Topology.empty(
                                TestHost.CLUSTER,
                                EngineKind.POSTGRESQL,
                                TestHost.NETWORKS.with(TlsVersion.TLS_1_3)))
                .commit();
        first = host(FIRST_HOST);
        second = host(SECOND_HOST);
        gtm = node(NodeKind.GTM, "gtm_m_1", FIRST_HOST);
        coordinator = node(NodeKind.COORDINATOR, "coord_m_1", FIRST_HOST);
        datanode = node(NodeKind.DATANODE, "data_m_1", SECOND_HOST);
        add(first, gtm);
        add(first, coordinator);
        add(second, datanode);
        for (TestHost host : List.of(first, second)) {
            StockClusterScenario.converged(host, 3);
        }
    }

    @AfterEach
    void endHosts() {
        first.close();
        second.close();
        store.close();
    }

    private TestHost host(String address) throws IOException {
        return new TestHost(
                TestHost.config(directory.resolve(address), address),
                () -> new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER));
    }

    private static Node node(NodeKind kind, String name, String host) throws IOException {
        return TestHost.node(kind, name, host, TestHost.freePort(host), name);
    }

    private void add(TestHost host, Node node) {
        mustBeDone(host.prepare(store, node));
        mustBeDone(certify(host, authority, host.config().host().value()));
        mustBeDone(host.start(node));
        host.commit(store, node);
    }

    /** As a step of an {@code add} does, for these names. */
    static Reply certify(TestHost host, CertificateAuthority by, String... names) {
        Reply.CertificateWish wish =
                (Reply.CertificateWish) host.ask(new Request.AskForCertificate());
        HostCertificate signed =
                by.sign(wish.request(), new HostName(names[0]), List.of(names), Instant.now());
        return host.ask(
                new Request.InstallCertificate(host.key(), signed.text(), by.certificate()));
    }

    /** The file of an authority's certificate. */
    Path fileOf(CertificateAuthority whose) throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "authority", ".crt"), whose.certificate());
    }

    /** A client's connection to the coordinator, with options of the driver. */
    Connection client(Map<String, String> options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ServerRole.CLIENT.roleName());
        properties.setProperty("password", TestSecrets.PASSWORDS.get(ServerRole.CLIENT).reveal());
        options.forEach(properties::setProperty);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + coordinator.instances().get(0).address() + "/postgres",
                properties);
    }

    Connection verifyingClient(CertificateAuthority trusted) throws SQLException, IOException {
        return client(
                Map.of(
                        "sslmode",
                        "verify-full",
                        "sslrootcert",
                        fileOf(trusted).toString(),
                        "channelBinding",
                        "require"));
    }
}
