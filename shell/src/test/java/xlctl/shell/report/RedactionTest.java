package xlctl.shell.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.topology.Secret;

class RedactionTest {
    private final Redaction redaction =
            new Redaction(List.of(new Secret("known"), new Secret("known-and-longer")));

    @Test
    void replacesWhatIsKnownWhereverItIs() {
        assertThat(redaction.of("a known-and-longer, xknownx")).isEqualTo("a ********, x********x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER ROLE me PASSWORD 'it''s hush hush'",
                "create user me encrypted password $$hush$$;",
                "CREATE ROLE me PASSWORD $a$hush$a$",
                "password: 'hush'",
                "password=hush host=there",
                "OPTIONS (user 'me', password 'hush')",
                "primary_conninfo = 'host=there password=hush'",
                "\"password\": \"hush\"",
                "{\"text\": \"{\\\"password\\\": \\\"hush\\\"}\"}",
                "postgres://me:hush@there/db",
                "PASSWORD 'SCRAM-SHA-256$4096:hush$hush:hush'",
                "SCRAM-SHA-256$4096:hush$hush:hush",
                "LOG:  statement: ALTER USER me WITH ENCRYPTED PASSWORD E'hush\\'hush'",
                "ALTER ROLE me PASSWORD U&'hush\\0041'",
                "LOG:  statement: CREATE ROLE me LOGIN PASSWORD\n\t'hush\n\thush' VALID UNTIL 'infinity'",
                "CALL xl.ddl('ALTER ROLE me PASSWORD ''hush''')",
                "CALL xl.ddl('ALTER ROLE me PASSWORD ''it''''s hush''')",
                "DETAIL:  parameters: $1 = 'CREATE ROLE me PASSWORD ''hush hush'' CREATEDB'",
                "SELECT dblink_connect('host=there password=''hush hush'' user=me')",
                "SELECT dblink_connect('host=there password=hush user=me')",
                "ALTER USER MAPPING FOR me SERVER s OPTIONS (SET password 'hush')",
                "CREATE USER MAPPING FOR me SERVER s OPTIONS (user 'me', \"password\" 'hush')",
                "OPTIONS (sslkey '/k', sslpassword 'hush')",
                "CREATE SUBSCRIPTION s CONNECTION 'host=there password=hush' PUBLICATION p",
                "PGPASSWORD=hush psql -h there",
                "export PGPASSWORD='hush hush'",
                "PGPASSWORD=\"hush hush\" pg_dump",
                "postgresql://me@there/db?sslmode=require&password=hush",
                "jdbc:postgresql://there/db?user=me&password=hush",
                "postgresql://:hush@there/db",
                "postgresql://me:hush/hush@there/db",
                "ldapserver=there ldapbindpasswd=\"hush hush\"",
                "ldapbindpasswd=hush",
                "radiusservers=\"there\" radiussecrets=\"hush\"",
                "ssl_passphrase_command = 'echo hush'",
                "LOG:  statement: ALTER ROLE me PASSWORD 'hush hush",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nhush\nhush\n-----END OPENSSH PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nhush\nhush"
            })
    void replacesWhatLooksLikeASecret(String text) {
        assertThat(redaction.of("before " + text + " after"))
                .startsWith("before ")
                .contains("********")
                .doesNotContain("hush");
        assertThat(redaction.of(text)).contains("********").doesNotContain("hush");
    }

    @Test
    void hidesValuesOfAnyLength() {
        String text = "PASSWORD '" + "hush".repeat(100_000);

        assertThat(redaction.of(text + "'.")).isEqualTo("PASSWORD ********.");
        assertThat(redaction.of(text)).isEqualTo("PASSWORD ********");
        assertThat(redaction.of("\"password\": \"" + "hush".repeat(100_000) + "\","))
                .isEqualTo("\"password\": ********,");
    }

    @Test
    void replacesHashesOfPasswords() {
        assertThat(redaction.of("md5" + "0123456789abcdef".repeat(2) + ".")).isEqualTo("********.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FATAL:  password authentication failed for user \"app\"",
                "password_encryption = scram-sha-256",
                "ALTER ROLE me PASSWORD NULL",
                "ALTER ROLE me RENAME TO password",
                "http://there:8080/a, me@there",
                "connection from 127.0.1.2:5432, user=app",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "zookeeper://127.0.1.1:2181/xlctl"
            })
    void leavesWhatIsNone(String text) {
        assertThat(redaction.of(text)).isEqualTo(text);
    }
}
