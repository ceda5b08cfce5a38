package xlctl.certificate;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import xlctl.topology.InvalidValueException;

/**
 * That the servers of a host are who they say they are, until a day.
 *
 * @param text in PEM, as servers and clients read it
 * @param names by which clients may reach the host: DNS names and addresses
 * @param fingerprint SHA-256 over it, in hexadecimal
 */
public record HostCertificate(
        String text, Set<String> names, Instant from, Instant until, String fingerprint) {
    /** With less left than this, operators are warned. */
    public static final Duration WARNING = Duration.ofDays(30);

    private static final String LABEL = "CERTIFICATE";

    public HostCertificate {
        requireNonNull(text, "text is null");
        names = Set.copyOf(names);
        requireNonNull(from, "from is null");
        requireNonNull(until, "until is null");
        requireNonNull(fingerprint, "fingerprint is null");
    }

    /**
     * The first certificate in a text.
     *
     * @throws InvalidValueException when there is none that can be read
     */
    public static HostCertificate read(String text) {
        X509Certificate certificate = parsed(text);
        try {
            byte[] encoded = certificate.getEncoded();
            return new HostCertificate(
                    Pem.text(LABEL, encoded),
                    names(certificate),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)));
        } catch (GeneralSecurityException e) {
            throw new InvalidValueException("a certificate cannot be read: " + e.getMessage());
        }
    }

    /** Whether this authority signed it. */
    public boolean signedBy(String authority) {
        try {
            parsed(text).verify(parsed(authority).getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public boolean validAt(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }

    /** In its last third it is renewed whenever there is an occasion. */
    public boolean inLastThird(Instant now) {
        return now.isAfter(until.minus(Duration.between(from, until).dividedBy(3)));
    }

    public boolean endsSoon(Instant now) {
        return now.isAfter(until.minus(WARNING));
    }

    PublicKey publicKey() {
        return parsed(text).getPublicKey();
    }

    static X509Certificate parsed(String text) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Pem.content(LABEL, text)));
        } catch (CertificateException e) {
            throw new InvalidValueException("a certificate cannot be read: " + e.getMessage());
        }
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
        }
        return names;
    }
}
