package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.StockClusterScenario.LONG;
import static xlctl.agent.host.StockClusterScenario.problems;
import static xlctl.agent.host.TestHost.mustBeDone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.certificate.CertificateAuthority;
import xlctl.certificate.CertificateRequest;
import xlctl.topology.HostName;
import xlctl.topology.InstanceReport;
import xlctl.topology.ServerRole;

/** What a cluster with TLS lets in, and whom its servers trust: with real servers. */
class TlsTest extends EncryptedScenario {
    private static final String MAKE_TABLE =
            "CALL xl.create_table('CREATE TABLE t (id int)', 'hash(id)')";
    private static final String COUNT = "SELECT count(*) FROM t";

    private final CertificateAuthority stranger =
            CertificateAuthority.create(TestHost.CLUSTER, Instant.now());

    @Test
    void aClientThatVerifiesGetsInAndNobodyWithoutTls() throws Exception {
        try (Connection connection = verifyingClient(authority)) {
            assertThat(
                            TestClient.query(
                                    connection,
                                    "SELECT ssl, version FROM pg_stat_ssl"
                                            + " WHERE pid = pg_backend_pid()"))
                    .containsExactly("t|TLSv1.3");
        }
        assertThatThrownBy(() -> verifyingClient(stranger))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("PKIX");
        assertThatThrownBy(() -> client(Map.of("sslmode", "disable")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no encryption");
    }

    @Test
    void nodesReachEachOtherAndTheGtmByTlsOnly() throws Exception {
        useATable();

        String others =
                "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                        + " WHERE usename IN ('"
                        + ServerRole.INTERNAL.roleName()
                        + "', '"
                        + ServerRole.SUPERUSER.roleName()
                        + "') AND client_addr IS NOT NULL";
        try (Connection session = verifyingClient(authority)) {
            assertThat(TestClient.query(session, COUNT)).containsExactly("100");
            for (var node : List.of(gtm, coordinator, datanode)) {
                assertThat(TestClient.query(node, ServerRole.SUPERUSER, others))
                        .as(node.name().value())
                        .containsExactly("t");
            }
        }
        assertThat(
                        TestClient.query(
                                coordinator,
                                ServerRole.SUPERUSER,
                                "SELECT DISTINCT 'sslmode=verify-full' = ANY (srvoptions)"
                                        + " FROM pg_foreign_server"))
                .containsExactly("t");
    }

    @Test
    void aCoordinatorTrustsNoDatanodeOfAnotherAuthorityOrAnotherName() throws Exception {
        useATable();

        present(authority, "127.0.7.9");
        assertThatThrownBy(this::count)
                .hasMessageContaining("does not match host name \"" + SECOND_HOST + "\"");
        present(stranger, SECOND_HOST);
        assertThatThrownBy(this::count).hasMessageContaining("certificate verify failed");
        present(authority, SECOND_HOST);
        assertThat(count()).containsExactly("100");
    }

    @Test
    void aRenewedCertificateIsPresentedToNewSessionsAndOpenOnesStay() throws Exception {
        try (Connection before = verifyingClient(authority)) {
            String pid = TestClient.query(before, "SELECT pg_backend_pid()").get(0);
            String postmaster =
                    TestClient.query(before, "SELECT pg_postmaster_start_time()::text").get(0);

            mustBeDone(certify(first, stranger, FIRST_HOST));

            await().atMost(LONG)
                    .untilAsserted(
                            () -> {
                                try (Connection after = verifyingClient(stranger)) {
                                    assertThat(after.isValid(5)).isTrue();
                                }
                            });
            assertThat(TestClient.query(before, "SELECT pg_backend_pid()")).containsExactly(pid);
            assertThat(TestClient.query(before, "SELECT pg_postmaster_start_time()::text"))
                    .containsExactly(postmaster);
        }
    }

    @Test
    void anExpiredCertificateIsNamedAndRenewedWhereTheAgentItselfTrustsItNoMore() throws Exception {
        second.stopAgent();
        Instant longAgo = Instant.now().minus(Duration.ofDays(400));
        CertificateRequest request = CertificateRequest.forNames(List.of(SECOND_HOST));
        Path tls = second.config().stateDirectory().resolve("tls");
        Files.writeString(
                tls.resolve("host.pem"),
                request.with(
                                authority.sign(
                                        request.text(),
                                        new HostName(SECOND_HOST),
                                        List.of(SECOND_HOST),
                                        longAgo))
                        .text());
        second.startAgent();
        restartDatanode();

        assertThat(problems(second))
                .contains("the certificate of host " + SECOND_HOST + " expired on ");
        assertThat(second.report(datanode).state()).isEqualTo(InstanceReport.State.REFUSING);
        assertThat(second.report(datanode).why()).contains("the server's certificate has expired");

        mustBeDone(certify(second, authority, SECOND_HOST));
        await().atMost(LONG)
                .untilAsserted(
                        () -> {
                            assertThat(second.report(datanode).state())
                                    .isEqualTo(InstanceReport.State.UP);
                            assertThat(problems(second)).doesNotContain("expired");
                        });
    }

    @Test
    void aServerWhoseCertificateHasAnotherNameIsNotCalledSilent() throws Exception {
        present(authority, "127.0.7.9");

        await().atMost(LONG)
                .untilAsserted(
                        () -> {
                            assertThat(second.report(datanode).state())
                                    .isEqualTo(InstanceReport.State.REFUSING);
                            assertThat(second.report(datanode).why())
                                    .contains(SECOND_HOST, "could not be verified");
                        });
    }

    @Test
    void theKeyGoesWithTheLastInstanceOfItsHost() throws IOException {
        Path tls = first.config().stateDirectory().resolve("tls");

        mustBeDone(first.discard(coordinator, Disposal.ERASE));
        assertThat(tls.resolve("host.pem")).exists();
        mustBeDone(first.discard(gtm, Disposal.KEEP));

        assertThat(tls).doesNotExist();
        assertThat(certify(first, authority, FIRST_HOST))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().get(0).what())
                                        .contains("no instance that needs a certificate"));
    }

    @Test
    void aCertificateForAnotherHostsKeyIsRefused() {
        Reply.CertificateWish wish =
                (Reply.CertificateWish) second.ask(new Request.AskForCertificate());
        String signed =
                authority
                        .sign(
                                wish.request(),
                                new HostName(FIRST_HOST),
                                List.of(FIRST_HOST),
                                Instant.now())
                        .text();

        Reply reply =
                first.ask(
                        new Request.InstallCertificate(
                                first.key(), signed, authority.certificate()));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
                            assertThat(failed.problems().get(0).what()).contains("another key");
                        });
    }

    private void useATable() throws SQLException {
        TestClient.execute(
                coordinator,
                ServerRole.CLIENT,
                "postgres",
                MAKE_TABLE,
                "INSERT INTO t SELECT generate_series(1, 100)");
    }

    /** Has the datanode's server present another certificate, as one in its place would. */
    private void present(CertificateAuthority by, String name) throws Exception {
        mustBeDone(certify(second, by, name));
        restartDatanode();
    }

    /** So that no earlier certificate is presented any more. */
    private void restartDatanode() {
        TestHost.killAllIn(second.root().resolve(datanode.name().value()));
        await().atMost(LONG)
                .until(
                        () ->
                                !TestHost.serversIn(second.root().resolve(datanode.name().value()))
                                        .isEmpty());
        await().atMost(LONG)
                .ignoreExceptions()
                .until(
                        () ->
                                TestClient.query(datanode, ServerRole.SUPERUSER, "SELECT 1")
                                        .equals(List.of("1")));
    }

    private List<String> count() throws SQLException {
        return TestClient.query(coordinator, ServerRole.CLIENT, COUNT);
    }
}
