package xlctl.agent.engine.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls for definitions say to a statement that is none. */
@ExtendWith(SharedSqlCluster.class)
class NullStatementTest {
    private final SqlCluster cluster;

    NullStatementTest(SqlCluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {"xl.ddl(NULL)", "xl.create_table(NULL, 'replication')"})
    void isRefusedWithWhatToDo(String call) throws SQLException {
        try (Session session = cluster.app("coord_1")) {
            Session.Refusal refusal = session.refusal("CALL " + call);

            assertThat(refusal.state()).isEqualTo("22004");
            assertThat(refusal.message())
                    .startsWith(call.substring(0, call.indexOf('(')) + " was given NULL");
            assertThat(refusal.hint()).contains("CALL " + call.substring(0, call.indexOf('(')));
        }
    }
}
