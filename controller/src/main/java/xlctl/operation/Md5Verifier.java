package xlctl.operation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.Secret;

/**
 * What PostgreSQL before version 10 stores of a password: the MD5 digest of password and role name.
 * Whoever has it can log in, so it is kept as secret as the password.
 */
final class Md5Verifier {
    private Md5Verifier() {}

    static PasswordVerifier of(Secret password, String role) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5")
                            .digest((password.reveal() + role).getBytes(StandardCharsets.UTF_8));
            return new PasswordVerifier("md5" + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java cannot compute MD5", e);
        }
    }
}
