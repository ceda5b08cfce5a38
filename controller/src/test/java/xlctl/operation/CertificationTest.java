package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.certificate.CertificateAuthority;
import xlctl.certificate.HostCertificate;
import xlctl.command.Command;
import xlctl.store.AuthoritySecret;
import xlctl.store.ClusterSecrets;
import xlctl.store.HostRecord;
import xlctl.swarm.SwarmNames;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.TlsVersion;

class CertificationTest {
    private final World world =
            new World(
                    EngineKind.POSTGRESQL,
                    Networks.HOSTS_ONLY.with(TlsVersion.TLS_1_3),
                    "h1",
                    "h2");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aHostIsCertifiedWithItsFirstInstanceForItsOwnNamesByTheClustersAuthority() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"));

        HostCertificate certificate = certificateOf("h1").orElseThrow();
        assertThat(certificate.names()).containsExactlyInAnyOrder("h1", "localhost", "127.0.0.1");
        assertThat(certificate.signedBy(authority().certificate())).isTrue();
        assertThat(certificateOf("h2")).isEmpty();
        assertThat(world.store().topology().orElseThrow().value().networks().tls())
                .contains(TlsVersion.TLS_1_3);
    }

    @Test
    void aSecondInstanceOfAHostLeavesItsCertificateAlone() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"));
        Optional<HostCertificate> first = certificateOf("h1");

        world.with(add(NodeKind.COORDINATOR, "coord_1", "h1", 5433));

        assertThat(certificateOf("h1")).isEqualTo(first);
    }

    @Test
    void rotatingReplacesEveryHostsCertificateByOneOfTheSameAuthority() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"), add(NodeKind.COORDINATOR, "coord_1", "h2"));
        Set<Optional<HostCertificate>> before = Set.of(certificateOf("h1"), certificateOf("h2"));
        AuthoritySecret authority = authority();

        Outcome outcome = run(new Command.RotateCertificates(List.of()));

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(authority()).isEqualTo(authority);
        for (String host : List.of("h1", "h2")) {
            assertThat(before).doesNotContain(certificateOf(host));
            assertThat(certificateOf(host).orElseThrow().signedBy(authority.certificate()))
                    .isTrue();
        }
    }

    @Test
    void rotatingTheCertificateOfOneHostLeavesTheOthersAlone() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"), add(NodeKind.COORDINATOR, "coord_1", "h2"));
        Optional<HostCertificate> first = certificateOf("h1");
        Optional<HostCertificate> second = certificateOf("h2");

        run(new Command.RotateCertificates(List.of(new HostName("h2"))));

        assertThat(certificateOf("h1")).isEqualTo(first);
        assertThat(certificateOf("h2")).isNotEqualTo(second);
    }

    @Test
    void aHostThatTakesNoCertificateDoesNotKeepOthersFromTheirs() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"), add(NodeKind.COORDINATOR, "coord_1", "h2"));
        world.agents().host("h1").failing(Request.InstallCertificate.class);
        Optional<HostCertificate> second = certificateOf("h2");

        Outcome outcome = run(new Command.RotateCertificates(List.of()));

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().get(0).what()).contains("InstallCertificate went wrong");
        assertThat(certificateOf("h2")).isNotEqualTo(second);
    }

    @Test
    void anAddWhoseHostTakesNoCertificateIsUndone() {
        world.agents().host("h1").failing(Request.InstallCertificate.class);

        Outcome outcome = run(add(NodeKind.GTM, "gtm_1", "h1"));

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(world.agents().host("h1").instances()).isEmpty();
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void aHostThatIsUnknownIsNamedWithTheOnesThereAre() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"));

        Outcome outcome = run(new Command.RotateCertificates(List.of(new HostName("h9"))));

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().get(0).toString())
                .contains("no member is on a host h9")
                .contains("the hosts are h1");
    }

    @Test
    void aClusterWithoutTlsHasNothingToRotateAndNoAuthority() {
        try (World plain = new World("h1")) {
            plain.with(add(NodeKind.GTM, "gtm_1", "h1"));

            Outcome outcome =
                    plain.controller()
                            .run(
                                    List.of(new Command.RotateCertificates(List.of())),
                                    QUIET,
                                    new Cancellation())
                            .get(0);

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems().get(0).what()).contains("has no TLS");
            assertThat(plain.store().secrets().orElseThrow().value().authority()).isEmpty();
            assertThat(plain.agents().host("h1").certificate()).isEmpty();
        }
    }

    @Test
    void anAuthorityThatIsLostIsNotReplacedByAnother() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"));
        var secrets = world.store().secrets().orElseThrow();
        world.store()
                .change()
                .replaceSecrets(
                        new ClusterSecrets(
                                secrets.value().superuser(),
                                secrets.value().internal(),
                                secrets.value().monitor(),
                                secrets.value().client(),
                                Optional.empty()),
                        secrets.version())
                .commit();

        Outcome outcome = run(add(NodeKind.COORDINATOR, "coord_1", "h2"));

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().get(0).toString()).contains("the CA of its certificates");
        assertThat(world.store().secrets().orElseThrow().value().authority()).isEmpty();
    }

    @Test
    void anAgentGetsNoNameOfAnotherHost() {
        HostRecord own = record("h1", "10.0.0.1:7422");
        HostRecord other = record("h2", "10.0.0.2:7422");

        assertThat(
                        Certification.namesOf(
                                new HostName("h1"),
                                Set.of("db.example.org", "h2", "10.0.0.2"),
                                List.of(own, other),
                                new SwarmNames(World.CLUSTER)))
                .containsExactlyInAnyOrder(
                        "h1", "10.0.0.1", "db.example.org", "localhost", "127.0.0.1");
    }

    @Test
    void theAuthoritysKeyIsInNoTextOfTheSecrets() {
        world.with(add(NodeKind.GTM, "gtm_1", "h1"));

        String key = authority().key().reveal();

        assertThat(CertificateAuthority.of(authority().certificate(), authority().key()))
                .isNotNull();
        assertThat(world.store().secrets().orElseThrow().value().toString())
                .doesNotContain(key.substring(0, 40));
    }

    private Outcome run(Command command) {
        return world.controller().run(List.of(command), QUIET, new Cancellation()).get(0);
    }

    private AuthoritySecret authority() {
        return world.store().secrets().orElseThrow().value().authority().orElseThrow();
    }

    private Optional<HostCertificate> certificateOf(String host) {
        return world.agents().host(host).certificate();
    }

    private static HostRecord record(String host, String agent) {
        return new HostRecord(
                new HostName(host), HostPort.parse(agent), "ssh-ed25519 AAAA", Instant.EPOCH);
    }
}
