package xlctl.agent.api;

import xlctl.topology.InvalidValueException;

/**
 * What a server stores to check a password, in the form its {@code CREATE ROLE ... PASSWORD} takes
 * ready-made: {@code SCRAM-SHA-256$...} or {@code md5...}. Never shown.
 */
public record PasswordVerifier(String value) {
    public PasswordVerifier {
        if (!value.matches(
                "SCRAM-SHA-256\\$[0-9]+:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+|md5[0-9a-f]{32}")) {
            throw new InvalidValueException(
                    "not a password verifier of a form that PostgreSQL stores");
        }
    }

    @Override
    public String toString() {
        return "********";
    }
}
