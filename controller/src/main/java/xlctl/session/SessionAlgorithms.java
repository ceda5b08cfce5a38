package xlctl.session;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.Signature;
import com.jcraft.jsch.jce.AES128GCM;
import com.jcraft.jsch.jce.XDH;
import java.nio.charset.StandardCharsets;

/** With what cryptography a session with an agent begins. */
final class SessionAlgorithms {
    /** Every Java from 17 on has it. */
    private static final String CURVE = "curve25519-sha256";

    /** Also safe from the quantum computers of a later day. */
    private static final String HYBRID = "mlkem768x25519-sha256";

    /** The first Java that has what the hybrid needs. */
    private static final int HYBRID_SINCE = 24;

    private SessionAlgorithms() {}

    /**
     * Sets what is known to be there. The library would otherwise try out a list for each session,
     * and asks every security provider of this Java for it.
     */
    static void applyTo(Session session) {
        session.setConfig("kex", keyExchange(Runtime.version().feature()));
        session.setConfig("CheckKexes", "");
        session.setConfig("CheckSignatures", "");
        session.setConfig("CheckCiphers", "");
    }

    static String keyExchange(int javaRelease) {
        return javaRelease < HYBRID_SINCE ? CURVE : HYBRID + "," + CURVE;
    }

    /**
     * Does once what every session does: the first time takes a hundred milliseconds, because the
     * code is loaded, and interpreted until it is compiled.
     */
    static void prepare() throws Exception {
        XDH exchange = new XDH();
        exchange.init("X25519", 32);
        exchange.getSecret(exchange.getQ());
        signAndVerify();
        AES128GCM cipher = new AES128GCM();
        cipher.init(0, new byte[cipher.getBlockSize()], new byte[cipher.getIVSize()]);
        byte[] text = new byte[64];
        cipher.doFinal(text, 0, 32, text, 0);
    }

    private static void signAndVerify() throws Exception {
        byte[] text = "xlctl".getBytes(StandardCharsets.US_ASCII);
        KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
        try {
            byte[] signed = pair.getSignature(text);
            Signature verifier = pair.getVerifier();
            verifier.update(text);
            if (!verifier.verify(signed)) {
                throw new JSchException("this Java does not verify what it signed with ed25519");
            }
        } finally {
            pair.dispose();
        }
    }
}
