package xlctl.agent.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.certificate.CertificateAuthority;
import xlctl.certificate.CertificateRequest;
import xlctl.certificate.HostCertificate;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;

class HostCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final HostName HOST = new HostName("h1");

    @TempDir Path directory;

    private final CertificateAuthority authority =
            CertificateAuthority.create(new ClusterName("c1"), NOW);

    @Test
    void keepsItsKeyAndCertificateForItsOwnerAloneAndFindsThemAgain() throws IOException {
        HostCertificates certificates = at(NOW);
        install(certificates);

        Path file = certificates.files().certifiedKey();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains("BEGIN PRIVATE KEY", "BEGIN CERTIFICATE");
        assertThat(at(NOW).wish().present()).isEqualTo(certificates.wish().present()).isPresent();
    }

    @Test
    void asksForTheSameKeyUntilItIsCertifiedAndThenForAnother() throws IOException {
        HostCertificates certificates = at(NOW);
        String first = certificates.wish().request();

        assertThat(certificates.wish().request()).isEqualTo(first);
        install(certificates);
        assertThat(certificates.wish().request()).isNotEqualTo(first);
    }

    @Test
    void takesTheSameCertificateTwiceAndASecondOneForTheKeyInUse() throws IOException {
        HostCertificates certificates = at(NOW);
        String request = certificates.wish().request();
        HostCertificate one = sign(request);
        HostCertificate two = sign(request);

        certificates.install(one.text(), authority.certificate());
        certificates.install(one.text(), authority.certificate());
        certificates.install(two.text(), authority.certificate());

        assertThat(at(NOW).wish().present()).contains(two.text());
    }

    @Test
    void refusesACertificateForAKeyThatIsNotItsOwnAndKeepsTheOneItHas() throws IOException {
        HostCertificates certificates = at(NOW);
        install(certificates);
        var before = certificates.wish().present();
        HostCertificate foreign = sign(CertificateRequest.forNames(List.of("h1")).text());

        assertThatThrownBy(() -> certificates.install(foreign.text(), authority.certificate()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("another key");
        assertThat(at(NOW).wish().present()).isEqualTo(before);
    }

    @Test
    void refusesACertificateOfAnotherAuthorityAndOneThatIsNotValidByItsClock() throws IOException {
        HostCertificates certificates = at(NOW.plus(Duration.ofDays(400)));
        HostCertificate signed = sign(certificates.wish().request());
        String another = CertificateAuthority.create(new ClusterName("c1"), NOW).certificate();

        assertThatThrownBy(() -> certificates.install(signed.text(), another))
                .hasMessageContaining("not signed by the authority");
        assertThatThrownBy(() -> certificates.install(signed.text(), authority.certificate()))
                .hasMessageContaining("the clock of this host says 2027-12-06T10:00:00Z");
        assertThat(certificates.isPresent()).isFalse();
    }

    @Test
    void warnsInTheLastThirtyDaysAndNamesWhatHasExpired() throws IOException {
        install(at(NOW));

        assertThat(at(NOW.plus(Duration.ofDays(334))).problem()).isEmpty();
        assertThat(at(NOW.plus(Duration.ofDays(345))).problem().orElseThrow().toString())
                .contains("the certificate of host h1 expires on 2027-11-01, in 20 days")
                .contains("rotate certificates h1");
        assertThat(at(NOW.plus(Duration.ofDays(366))).problem().orElseThrow().toString())
                .contains("the certificate of host h1 expired on 2027-11-01")
                .contains("rotate certificates h1");
    }

    @Test
    void namesAClockThatWasSetBackBeforeItsCertificate() throws IOException {
        install(at(NOW));

        assertThat(at(NOW.minus(Duration.ofMinutes(59))).problem()).isEmpty();
        assertThat(at(NOW.minus(Duration.ofHours(2))).problem().orElseThrow().toString())
                .contains("valid from 2026-11-01T09:00:00Z on, which its clock has not reached")
                .contains("set the clock of h1 right");
    }

    @Test
    void forgetsEverythingWhenNothingNeedsItAnyMore() throws IOException {
        HostCertificates certificates = at(NOW);
        install(certificates);

        certificates.forgetUnless(() -> true);
        assertThat(certificates.isPresent()).isTrue();
        certificates.forgetUnless(() -> false);

        assertThat(certificates.files().directory()).doesNotExist();
        assertThat(certificates.wish().present()).isEmpty();
        assertThat(certificates.problem()).isEmpty();
    }

    @Test
    void aDamagedFileIsNamedAndNotTakenForNone() throws IOException {
        HostCertificates certificates = at(NOW);
        install(certificates);
        Files.writeString(certificates.files().certifiedKey(), "damaged");

        assertThatThrownBy(() -> at(NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(certificates.files().certifiedKey().toString())
                .hasMessageContaining("rotate certificates h1");
    }

    private void install(HostCertificates certificates) throws IOException {
        certificates.install(sign(certificates.wish().request()).text(), authority.certificate());
    }

    private HostCertificate sign(String request) {
        return authority.sign(request, HOST, List.of("h1"), NOW);
    }

    private HostCertificates at(Instant now) throws IOException {
        HostCertificates certificates =
                new HostCertificates(
                        new TlsFiles(directory.resolve("tls")),
                        HOST,
                        Set.of("h1"),
                        Clock.fixed(now, ZoneOffset.UTC));
        certificates.load();
        return certificates;
    }
}
