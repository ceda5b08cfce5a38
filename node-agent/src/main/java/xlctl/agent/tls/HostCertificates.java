package xlctl.agent.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Reply;
import xlctl.agent.file.DurableFile;
import xlctl.certificate.CertificateRequest;
import xlctl.certificate.CertifiedKey;
import xlctl.certificate.HostCertificate;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Problem;

/**
 * What this host has of certificates, on disk. A key that is asked to be certified is in memory
 * only, until it is. Thread-safe.
 */
public final class HostCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(HostCertificates.class);

    private final TlsFiles files;
    private final HostName host;
    private final Set<String> names;
    private final Clock clock;

    // Guarded by this.
    private Optional<CertifiedKey> present = Optional.empty();
    private Optional<CertificateRequest> asked = Optional.empty();

    /**
     * @param names by which the host is reached besides its own: DNS names and addresses
     */
    public HostCertificates(TlsFiles files, HostName host, Set<String> names, Clock clock) {
        this.files = files;
        this.host = host;
        this.names = Set.copyOf(names);
        this.clock = clock;
    }

    /**
     * Reads what is on disk.
     *
     * @throws IOException when it cannot be read, or is not what was written
     */
    public synchronized void load() throws IOException {
        if (!Files.notExists(files.certifiedKey())) {
            try {
                present = Optional.of(CertifiedKey.read(Files.readString(files.certifiedKey())));
            } catch (InvalidValueException e) {
                throw new IOException(
                        files.certifiedKey()
                                + " is not what was written there: "
                                + e.getMessage()
                                + "; restore it, or remove it, start the agent, and in the shell:"
                                + " rotate certificates "
                                + host,
                        e);
            }
        }
    }

    public TlsFiles files() {
        return files;
    }

    /** What the authority is to sign: the same until that is installed. */
    public synchronized Reply.CertificateWish wish() {
        if (asked.isEmpty()) {
            asked = Optional.of(CertificateRequest.forNames(names));
        }
        return new Reply.CertificateWish(
                asked.get().text(), present.map(key -> key.certificate().text()));
    }

    /**
     * Puts a certificate in the place of the one before. Servers learn of it when they read their
     * files again.
     *
     * @param authority PEM of whom this host is to trust
     * @throws InvalidValueException when it is for no key of this host, is not signed by the
     *     authority, or is not valid now by this host's clock; nothing was changed then
     */
    public synchronized HostCertificate install(String text, String authority) throws IOException {
        HostCertificate certificate = HostCertificate.read(text);
        if (!certificate.signedBy(authority)) {
            throw new InvalidValueException("it is not signed by the authority that came with it");
        }
        Instant now = clock.instant();
        if (!certificate.validAt(now)) {
            throw new InvalidValueException(
                    "it is valid from "
                            + certificate.from()
                            + " until "
                            + certificate.until()
                            + ", and the clock of this host says "
                            + now);
        }
        CertifiedKey certified = keyFor(certificate);
        DurableFile.createDirectories(files.directory());
        DurableFile.write(files.authority(), authority);
        DurableFile.write(files.certifiedKey(), certified.text());
        present = Optional.of(certified);
        asked = Optional.empty();
        LOG.info(
                "the certificate of this host is {}, valid until {}",
                certificate.fingerprint(),
                certificate.until());
        return certificate;
    }

    private CertifiedKey keyFor(HostCertificate certificate) {
        try {
            return asked.orElseThrow(() -> new InvalidValueException("nothing was asked for"))
                    .with(certificate);
        } catch (InvalidValueException anotherKey) {
            return present.orElseThrow(
                            () -> new InvalidValueException("it is for no key of this host"))
                    .with(certificate);
        }
    }

    /** What an operator should do about it; empty when it is in order, or there is none. */
    public synchronized Optional<Problem> problem() {
        Instant now = clock.instant();
        Optional<HostCertificate> certificate = present.map(CertifiedKey::certificate);
        String remedy = "rotate certificates " + host;
        if (certificate.filter(each -> !now.isBefore(each.until())).isPresent()) {
            return Optional.of(
                    Problem.of(
                            "the certificate of host "
                                    + host
                                    + " expired on "
                                    + day(certificate.get().until())
                                    + ": who verifies it does not connect to the servers there",
                            remedy));
        }
        if (certificate.filter(each -> now.isBefore(each.from())).isPresent()) {
            return Optional.of(
                    Problem.of(
                            "the certificate of host "
                                    + host
                                    + " is valid from "
                                    + certificate.get().from()
                                    + " on, which its clock has not reached: it takes no certificate"
                                    + " of the others that is newer",
                            "set the clock of " + host + " right"));
        }
        return certificate
                .filter(each -> each.endsSoon(now))
                .map(
                        each ->
                                Problem.of(
                                        "the certificate of host "
                                                + host
                                                + " expires on "
                                                + day(each.until())
                                                + ", in "
                                                + Duration.between(now, each.until()).toDays()
                                                + " days",
                                        remedy));
    }

    /** When it ends; empty when there is none. */
    public synchronized Optional<Instant> until() {
        return present.map(each -> each.certificate().until());
    }

    public synchronized boolean isPresent() {
        return present.isPresent();
    }

    /** Removes all of it, unless a server of this host needs it. */
    public synchronized void forgetUnless(BooleanSupplier needed) throws IOException {
        if (needed.getAsBoolean()) {
            return;
        }
        DurableFile.deleteTree(files.directory());
        present = Optional.empty();
        asked = Optional.empty();
    }

    private static String day(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
}
