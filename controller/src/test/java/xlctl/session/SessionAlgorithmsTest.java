package xlctl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import org.junit.jupiter.api.Test;

class SessionAlgorithmsTest {
    @Test
    void offersTheHybridKeyExchangeFirstWhereThisJavaHasIt() {
        assertThat(SessionAlgorithms.keyExchange(24))
                .isEqualTo("mlkem768x25519-sha256,curve25519-sha256");
    }

    @Test
    void offersNoKeyExchangeThatThisJavaCannotDo() {
        assertThat(SessionAlgorithms.keyExchange(17)).isEqualTo("curve25519-sha256");
    }

    @Test
    void triesNothingOutForASession() throws Exception {
        Session session = new JSch().getSession("xlctl", "127.0.0.1");

        SessionAlgorithms.applyTo(session);

        assertThat(session.getConfig("CheckKexes")).isEmpty();
        assertThat(session.getConfig("CheckSignatures")).isEmpty();
        assertThat(session.getConfig("CheckCiphers")).isEmpty();
    }

    @Test
    void everyAlgorithmItPreparesIsThere() {
        assertThatCode(SessionAlgorithms::prepare).doesNotThrowAnyException();
    }
}
