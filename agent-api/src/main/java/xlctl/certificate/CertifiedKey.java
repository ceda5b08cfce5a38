package xlctl.certificate;

import static java.util.Objects.requireNonNull;

import xlctl.topology.InvalidValueException;

/**
 * A host's key and its certificate, in one text: neither can be replaced without the other.
 *
 * @param key in PEM; never shown
 */
public record CertifiedKey(String key, HostCertificate certificate) {
    static final String KEY = "PRIVATE KEY";

    public CertifiedKey {
        requireNonNull(key, "key is null");
        requireNonNull(certificate, "certificate is null");
    }

    /**
     * What {@link #text} made.
     *
     * @throws InvalidValueException when it cannot be read
     */
    public static CertifiedKey read(String text) {
        return new CertifiedKey(Pem.text(KEY, Pem.content(KEY, text)), HostCertificate.read(text));
    }

    /** As a server reads both of them from one file. */
    public String text() {
        return key + certificate.text();
    }

    /** The same key with another certificate for it. */
    public CertifiedKey with(HostCertificate another) {
        if (!another.publicKey().equals(certificate.publicKey())) {
            throw new InvalidValueException("the certificate is for another key");
        }
        return new CertifiedKey(key, another);
    }

    @Override
    public String toString() {
        return "********, " + certificate;
    }
}
