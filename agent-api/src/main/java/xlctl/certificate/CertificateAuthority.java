package xlctl.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Secret;

/** Signs the certificates of one cluster's hosts. Thread-safe. */
public final class CertificateAuthority {
    public static final Duration VALIDITY = Duration.ofDays(3652);
    public static final Duration HOST_VALIDITY = Duration.ofDays(365);

    /** For clocks that are behind. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    /** More, a common name cannot have. */
    private static final int LONGEST_COMMON_NAME = 64;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** Makes a key and signs its certificate with it. */
    public static CertificateAuthority create(ClusterName cluster, Instant now) {
        KeyPair keys = CertificateRequest.newKeys();
        X500Name name =
                new X500NameBuilder()
                        .addRDN(BCStyle.O, "xlctl cluster " + cluster)
                        .addRDN(BCStyle.CN, "CA of " + now.atOffset(ZoneOffset.UTC).toLocalDate())
                        .addRDN(BCStyle.SERIALNUMBER, number().toString(Character.MAX_RADIX))
                        .build();
        try {
            X509v3CertificateBuilder builder =
                    builder(name, now, VALIDITY, name, keys.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                            .addExtension(
                                    Extension.subjectKeyIdentifier,
                                    false,
                                    new JcaX509ExtensionUtils()
                                            .createSubjectKeyIdentifier(keys.getPublic()));
            return new CertificateAuthority(
                    HostCertificate.parsed(signed(builder, keys.getPrivate())), keys.getPrivate());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate made of sound parts", e);
        }
    }

    /**
     * One that was made before.
     *
     * @param certificate in PEM
     * @param key as {@link #key} gave it
     */
    public static CertificateAuthority of(String certificate, Secret key) {
        try {
            byte[] encoded = Base64.getDecoder().decode(key.reveal());
            return new CertificateAuthority(
                    HostCertificate.parsed(certificate),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidValueException("the key of the cluster's CA cannot be read");
        }
    }

    /** In PEM: what everybody who connects to the cluster's servers may have. */
    public String certificate() {
        try {
            return Pem.text("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read", e);
        }
    }

    /** In PKCS #8, as Base64 in one line. */
    public Secret key() {
        return new Secret(Base64.getEncoder().encodeToString(key.getEncoded()));
    }

    /** The names that a request asks for. */
    public static Set<String> namesIn(String request) {
        return Optional.ofNullable(
                        parsed(request)
                                .getRequestedExtensions()
                                .getExtensionParsedValue(Extension.subjectAlternativeName))
                .map(names -> AlternativeNames.in(GeneralNames.getInstance(names)))
                .orElse(Set.of());
    }

    /**
     * Signs what a host asked for, for these names and no others.
     *
     * @throws InvalidValueException when the request is not one, or not of who has its key
     */
    public HostCertificate sign(
            String request, HostName host, Collection<String> names, Instant now) {
        JcaPKCS10CertificationRequest asked = parsed(request);
        try {
            PublicKey asking = asked.getPublicKey();
            if (!asked.isSignatureValid(new JcaContentVerifierProviderBuilder().build(asking))) {
                throw new InvalidValueException(
                        "the request for a certificate is not signed with its own key");
            }
            X500Name issuer = new JcaX509CertificateHolder(certificate).getSubject();
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder =
                    builder(issuer, now, HOST_VALIDITY, subject(host), asking)
                            .addExtension(
                                    Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    AlternativeNames.of(names))
                            .addExtension(
                                    Extension.authorityKeyIdentifier,
                                    false,
                                    identifiers.createAuthorityKeyIdentifier(
                                            certificate.getPublicKey()));
            return HostCertificate.read(signed(builder, key));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException e) {
            throw new InvalidValueException(
                    "the request for a certificate cannot be signed: " + e.getMessage());
        }
    }

    private static JcaPKCS10CertificationRequest parsed(String request) {
        try {
            return new JcaPKCS10CertificationRequest(
                    Pem.content(CertificateRequest.LABEL, request));
        } catch (IOException e) {
            throw new InvalidValueException("a request for a certificate cannot be read");
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, Instant now, Duration validity, X500Name subject, PublicKey key) {
        Instant from = now.truncatedTo(ChronoUnit.SECONDS);
        return new JcaX509v3CertificateBuilder(
                issuer,
                number(),
                Date.from(from.minus(BACKDATED)),
                Date.from(from.plus(validity)),
                subject,
                key);
    }

    private static X500Name subject(HostName host) {
        X500NameBuilder name = new X500NameBuilder().addRDN(BCStyle.O, "xlctl");
        return host.value().length() > LONGEST_COMMON_NAME
                ? name.build()
                : name.addRDN(BCStyle.CN, host.value()).build();
    }

    private static BigInteger number() {
        return new BigInteger(126, RANDOM).setBit(126);
    }

    private static String signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws IOException {
        try {
            return Pem.text(
                    "CERTIFICATE",
                    builder.build(
                                    new JcaContentSignerBuilder(CertificateRequest.SIGNATURE)
                                            .build(key))
                            .getEncoded());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every Java has this signature", e);
        }
    }
}
