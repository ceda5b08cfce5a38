package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.ServerRole;

class DefinitionsTest {
    private static final String VERIFIER = "md5" + "0123456789abcdef".repeat(2);
    private static final Map<ServerRole, PasswordVerifier> VERIFIERS =
            Map.of(
                    ServerRole.SUPERUSER, new PasswordVerifier(VERIFIER),
                    ServerRole.CLIENT, new PasswordVerifier(VERIFIER));
    private static final String ROLES =
            """
            --
            -- Roles
            --

            CREATE ROLE app;
            ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION\
             NOBYPASSRLS PASSWORD '%s';
            CREATE ROLE postgres;
            ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION\
             BYPASSRLS PASSWORD '%s';
            """
                    .formatted(VERIFIER, VERIFIER);
    private static final String REST =
            """
            REVOKE ALL ON DATABASE postgres FROM PUBLIC;
            GRANT CONNECT,TEMPORARY ON DATABASE postgres TO PUBLIC;
            GRANT CREATE ON DATABASE postgres TO app;
            CREATE NODE c1 WITH (TYPE = 'coordinator' , HOST = '127.0.2.1', PORT = 5432  );
            \\connect postgres

            SET default_transaction_read_only = off;
            CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
            GRANT ALL ON SCHEMA public TO PUBLIC;
            """;

    @Test
    void aServerAsItWasMadeHasNothingOfUsers() {
        assertThat(new Definitions(ROLES + REST).somethingOfUsers(VERIFIERS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE alice;",
                "CREATE DATABASE shop WITH TEMPLATE = template0 OWNER = app;",
                "\\connect shop",
                "CREATE TABLE orders (",
                "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;",
                "ALTER DATABASE postgres SET work_mem TO '5MB';",
                "ALTER ROLE app SET search_path TO 'shop';",
                "ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE CREATEDB LOGIN"
                        + " NOREPLICATION NOBYPASSRLS PASSWORD"
                        + " 'md50123456789abcdef0123456789abcdef';",
                "GRANT CREATE ON DATABASE postgres TO alice;",
                "GRANT app TO alice;",
                "CREATE NODE GROUP g1 WITH(d1);"
            })
    void whatUsersMadeIsSomething(String line) {
        assertThat(new Definitions(ROLES + REST + line + "\n").somethingOfUsers(VERIFIERS))
                .isTrue();
    }

    @Test
    void aRoleWithAnotherPasswordIsSomething() {
        Definitions other =
                new Definitions(ROLES.replace("0123456789abcdef", "fedcba9876543210") + REST);

        assertThat(other.somethingOfUsers(VERIFIERS)).isTrue();
    }

    @Test
    void theDefaultGroupIsAnotherThanThatOfTheDump() {
        List<String> function = List.of("'", "CREATE DEFAULT NODE GROUP of_a_function", "'");
        Definitions dumped =
                new Definitions(
                        ROLES
                                + "CREATE DEFAULT NODE GROUP g WITH(d2,d1);\n"
                                + REST
                                + String.join("\n", function));

        assertThat(
                        dumped.withDefaultGroup(
                                        Optional.of("CREATE DEFAULT NODE GROUP g WITH (d1)"))
                                .loadable()
                                .lines())
                .contains("CREATE DEFAULT NODE GROUP g WITH (d1);")
                .doesNotContain("CREATE DEFAULT NODE GROUP g WITH(d2,d1);")
                .containsSubsequence(function)
                .containsSubsequence(
                        "CREATE DEFAULT NODE GROUP g WITH (d1);", "\\connect postgres");
        assertThat(
                        new Definitions(ROLES + "CREATE DEFAULT NODE GROUP g WITH(d2,d1);\n" + REST)
                                .withDefaultGroup(Optional.empty())
                                .somethingOfUsers(VERIFIERS))
                .isFalse();
    }

    @Test
    void rolesThatTheNodeHasAreNotMadeAgainButSet() {
        List<String> function = List.of("\\connect shop", "'", "CREATE ROLE app;", "'");
        String loaded =
                new Definitions(
                                ROLES
                                        + "CREATE ROLE alice;\n"
                                        + REST
                                        + String.join("\n", function)
                                        + "\n")
                        .loadable();

        assertThat(loaded.lines())
                .contains("CREATE ROLE alice;")
                .doesNotContain("CREATE ROLE postgres;")
                .filteredOn(line -> line.equals("CREATE ROLE app;"))
                .hasSize(1);
        assertThat(loaded.lines().toList()).endsWith(function.toArray(String[]::new));
        assertThat(loaded).contains("ALTER ROLE app WITH", "ALTER ROLE postgres WITH");
    }
}
