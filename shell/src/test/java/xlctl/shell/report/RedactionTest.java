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
                "-----BEGIN OPENSSH PRIVATE KEY-----\nhush\nhush\n-----END OPENSSH PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nhush\nhush"
            })
    void replacesWhatLooksLikeASecret(String text) {
        assertThat(redaction.of("before " + text + " after"))
                .startsWith("before ")
                .contains("********")
                .doesNotContain("hush");
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
                "connection from 127.0.1.2:5432, user=app",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "zookeeper://127.0.1.1:2181/xlctl"
            })
    void leavesWhatIsNone(String text) {
        assertThat(redaction.of(text)).isEqualTo(text);
    }
}
