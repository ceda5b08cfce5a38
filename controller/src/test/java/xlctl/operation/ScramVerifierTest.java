package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import xlctl.topology.Secret;

class ScramVerifierTest {
    /** The exchange that RFC 7677 gives as its example. */
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

    @Test
    void signsTheExampleOfTheStandardAsTheStandardDoes() throws Exception {
        String verifier =
                ScramVerifier.of(new Secret("pencil"), Base64.getDecoder().decode(SALT), 4096)
                        .value();
        assertThat(verifier).startsWith("SCRAM-SHA-256$4096:" + SALT + "$");
        String serverKey = verifier.substring(verifier.lastIndexOf(':') + 1);
        String message =
                "n=user,r=rOprNGfwEbeRWgbNEkqO,r="
                        + NONCE
                        + ",s="
                        + SALT
                        + ",i=4096,c=biws,r="
                        + NONCE;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(serverKey), "HmacSHA256"));
        assertThat(
                        Base64.getEncoder()
                                .encodeToString(
                                        mac.doFinal(message.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void isTheSameForTheSamePasswordAndHasAnotherSaltForAnother() {
        Secret secret = Secret.generate();
        assertThat(ScramVerifier.of(secret)).isEqualTo(ScramVerifier.of(secret));
        assertThat(salt(ScramVerifier.of(secret).value()))
                .isNotEqualTo(salt(ScramVerifier.of(Secret.generate()).value()));
    }

    private static String salt(String verifier) {
        return verifier.split("[:$]")[2];
    }
}
