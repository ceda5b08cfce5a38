package xlctl.agent.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsDumpTest {
    private static final String BEGIN =
            """
            CREATE DATABASE postgres WITH TEMPLATE = template0 ENCODING = 'UTF8';
            ALTER DATABASE postgres OWNER TO postgres;
            \\connect postgres
            SET statement_timeout = 0;
            """;

    @Test
    void theMaintenanceDatabaseIsNotMadeAgainAndHasTheCatalogOfNodesFirst() {
        String later = "CREATE DATABASE postgres is in a text\n\\connect in a text\n";

        String loadable = DefinitionsDump.loadable(BEGIN + later);

        assertThat(loadable)
                .startsWith("ALTER DATABASE postgres OWNER")
                .containsSubsequence(
                        "\\connect postgres",
                        "BEGIN;",
                        "CREATE VIEW pg_catalog.pgxc_node",
                        "COMMIT;",
                        "SET statement_timeout")
                .endsWith(later)
                .containsOnlyOnce("CREATE VIEW pg_catalog.pgxc_node");
    }

    @Test
    void anotherDatabaseIsMade() {
        String dump = "CREATE DATABASE shop WITH TEMPLATE = template0;\n\\connect shop\n";

        assertThat(DefinitionsDump.loadable(dump)).startsWith("CREATE DATABASE shop");
    }

    @Test
    void whatEveryNodeHasIsNothingOfUsers() {
        assertThat(DefinitionsDump.somethingOfUsers(BEGIN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE SCHEMA s;",
                "CREATE TABLE public.t (",
                "GRANT ALL ON DATABASE postgres TO alice;",
                "REVOKE USAGE ON SCHEMA public FROM PUBLIC;",
                "COMMENT ON SERVER other IS 'mine';",
                "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;",
                "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO PUBLIC;",
            })
    void whateverElseThereIsMayBeOfUsers(String line) {
        assertThat(DefinitionsDump.somethingOfUsers(BEGIN + line + "\n")).isTrue();
    }
}
