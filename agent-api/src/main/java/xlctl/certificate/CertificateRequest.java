package xlctl.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import xlctl.topology.InvalidValueException;

/** A key that a host has just made, and what it asks to have signed for it. */
public final class CertificateRequest {
    static final String LABEL = "CERTIFICATE REQUEST";
    static final String SIGNATURE = "SHA256withECDSA";

    private final KeyPair keys;
    private final String text;

    private CertificateRequest(KeyPair keys, String text) {
        this.keys = keys;
        this.text = text;
    }

    /**
     * Makes a key.
     *
     * @param names by which the host says that it is reached: DNS names and addresses
     */
    public static CertificateRequest forNames(Collection<String> names) {
        try {
            KeyPair keys = newKeys();
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName, false, AlternativeNames.of(names));
            byte[] request =
                    new JcaPKCS10CertificationRequestBuilder(
                                    new X500Name(new RDN[0]), keys.getPublic())
                            .addAttribute(
                                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                    extensions.generate())
                            .build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate()))
                            .getEncoded();
            return new CertificateRequest(keys, Pem.text(LABEL, request));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request made of sound parts", e);
        }
    }

    /** In PEM, for the authority. The key is not in it. */
    public String text() {
        return text;
    }

    /**
     * The key with the certificate that was signed for it.
     *
     * @throws InvalidValueException when it was signed for another key
     */
    public CertifiedKey with(HostCertificate certificate) {
        if (!certificate.publicKey().equals(keys.getPublic())) {
            throw new InvalidValueException("the certificate is for another key");
        }
        return new CertifiedKey(
                Pem.text(CertifiedKey.KEY, keys.getPrivate().getEncoded()), certificate);
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has this curve", e);
        }
    }
}
