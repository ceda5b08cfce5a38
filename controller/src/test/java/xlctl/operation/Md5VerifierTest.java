package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

class Md5VerifierTest {
    @Test
    void isWhatPostgresqlStoresOfThePassword() {
        // SELECT 'md5' || md5('secret' || 'postgres')
        assertThat(Md5Verifier.of(new Secret("secret"), ServerRole.SUPERUSER.roleName()).value())
                .isEqualTo("md553f48b7c4b76a86ce72276c5755f217d");
    }
}
