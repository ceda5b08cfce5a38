package xlctl.agent.ssh;

import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.bouncycastle.BouncyCastleEdDSASupport;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/**
 * Lets MINA SSHD have keys of Ed25519 from BouncyCastle, which it cannot take from Java, and
 * everything else from Java, signing with them included. BouncyCastle's own provider would register
 * two thousand algorithms, which costs an agent memory and a part of its start.
 */
final class Ed25519 extends AbstractSecurityProviderRegistrar {
    private static final String NAME = "xlctl-ed25519";
    private static final Set<String> NAMES = Set.of(SecurityUtils.ED25519, SecurityUtils.EDDSA);
    private static final Set<Class<?>> KINDS = Set.of(KeyFactory.class, KeyPairGenerator.class);
    private static final Provider PROVIDER = new BouncyCastlesEd25519();

    private Ed25519() {
        super(NAME);
    }

    /** Before anything else is asked of MINA SSHD. What was done before is not done again. */
    static void provide() {
        SecurityUtils.setAPrioriDisabledProvider(SecurityUtils.BOUNCY_CASTLE, true);
        var unused = SecurityUtils.registerSecurityProvider(new Ed25519());
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    /** Not among those that the whole process asks. */
    @Override
    public boolean isNamedProviderUsed() {
        return false;
    }

    @Override
    public Provider getSecurityProvider() {
        return PROVIDER;
    }

    @Override
    public boolean isSecurityEntitySupported(Class<?> kind, String name) {
        return KINDS.contains(kind) && NAMES.contains(name);
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(new BouncyCastleEdDSASupport());
    }

    private static final class BouncyCastlesEd25519 extends Provider {
        private static final long serialVersionUID = 1L;
        private static final String PACKAGE = "org.bouncycastle.jcajce.provider.asymmetric.edec.";

        BouncyCastlesEd25519() {
            super(NAME, "1", "keys of Ed25519 from BouncyCastle");
            offer("KeyFactory", "KeyFactorySpi$Ed25519");
            offer("KeyPairGenerator", "KeyPairGeneratorSpi$Ed25519");
        }

        private void offer(String kind, String type) {
            putService(
                    new Service(
                            this,
                            kind,
                            SecurityUtils.ED25519,
                            PACKAGE + type,
                            List.of(SecurityUtils.EDDSA),
                            null));
        }
    }
}
