package xlctl.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Secret;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final HostName HOST = new HostName("127.0.1.2");

    private final CertificateAuthority authority =
            CertificateAuthority.create(new ClusterName("c1"), NOW);
    private final CertificateRequest request =
            CertificateRequest.forNames(List.of("127.0.1.2", "db.example.org"));

    @Test
    void signsForAYearAndForTheGivenNamesOnly() {
        HostCertificate signed = sign("127.0.1.2", "db-2");

        assertThat(signed.names()).containsExactlyInAnyOrder("127.0.1.2", "db-2");
        assertThat(signed.until()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(signed.validAt(NOW)).isTrue();
        assertThat(signed.validAt(signed.until())).isFalse();
        assertThat(signed.signedBy(authority.certificate())).isTrue();
    }

    @Test
    void anAddressIsADnsNameTooForLibpqBefore15() throws Exception {
        X509Certificate signed = HostCertificate.parsed(sign("127.0.1.2").text());

        assertThat(signed.getSubjectAlternativeNames().stream().map(Object::toString))
                .containsExactlyInAnyOrder("[7, 127.0.1.2]", "[2, 127.0.1.2]");
    }

    @Test
    void whatItSignsIsNoAuthorityItself() {
        assertThat(HostCertificate.parsed(sign("h").text()).getBasicConstraints()).isEqualTo(-1);
        assertThat(HostCertificate.parsed(authority.certificate()).getBasicConstraints()).isZero();
    }

    @Test
    void aHostIsRenewedInItsLastThirdAndWarnedOfInItsLastMonth() {
        HostCertificate signed = sign("h");

        assertThat(signed.inLastThird(NOW.plus(Duration.ofDays(240)))).isFalse();
        assertThat(signed.inLastThird(NOW.plus(Duration.ofDays(250)))).isTrue();
        assertThat(signed.endsSoon(NOW.plus(Duration.ofDays(334)))).isFalse();
        assertThat(signed.endsSoon(NOW.plus(Duration.ofDays(336)))).isTrue();
    }

    @Test
    void isTheSameWhenItIsReadAgain() {
        CertificateAuthority again =
                CertificateAuthority.of(authority.certificate(), authority.key());

        assertThat(
                        again.sign(request.text(), HOST, List.of("h"), NOW)
                                .signedBy(again.certificate()))
                .isTrue();
        assertThat(sign("h").signedBy(again.certificate())).isTrue();
        assertThat(
                        sign("h")
                                .signedBy(
                                        CertificateAuthority.create(new ClusterName("c1"), NOW)
                                                .certificate()))
                .isFalse();
    }

    @Test
    void aKeyThatCannotBeReadIsNotShown() {
        assertThatThrownBy(
                        () ->
                                CertificateAuthority.of(
                                        authority.certificate(), new Secret("c2VjcmV0")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void aRequestSaysWhichNamesItIsFor() {
        assertThat(CertificateAuthority.namesIn(request.text()))
                .isEqualTo(Set.of("127.0.1.2", "db.example.org"));
        assertThatThrownBy(() -> CertificateAuthority.namesIn("nothing"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("no CERTIFICATE REQUEST");
    }

    @Test
    void aCertificateFitsNoOtherKeyThanItsOwn() {
        HostCertificate signed = sign("h");
        CertifiedKey certified = request.with(signed);

        assertThat(CertifiedKey.read(certified.text())).isEqualTo(certified);
        assertThat(certified.toString()).doesNotContain("PRIVATE");
        CertificateRequest another = CertificateRequest.forNames(List.of("h"));
        assertThatThrownBy(() -> another.with(signed))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("another key");
    }

    @Test
    void aHostOfALongNameGetsACertificate() {
        String label = "a".repeat(60);
        HostName longName = new HostName(label + "." + label);

        HostCertificate signed =
                authority.sign(request.text(), longName, List.of(longName.value()), NOW);

        assertThat(signed.names()).containsExactly(longName.value());
    }

    private HostCertificate sign(String... names) {
        return authority.sign(request.text(), HOST, List.of(names), NOW);
    }
}
