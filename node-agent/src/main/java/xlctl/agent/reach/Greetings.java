package xlctl.agent.reach;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import xlctl.agent.api.Greeting;
import xlctl.text.Quoted;

/** What is said to a server to have it greet, and whether what it says is a greeting. */
final class Greetings {
    /** No line of a greeting is longer. */
    static final int MOST_BYTES = 255;

    private static final String SSH = "SSH-2.0-";
    private static final int ENCRYPTION_BY_GSSAPI = 80877104;
    private static final int ENCRYPTION_BY_TLS = 80877103;

    /** That it would encrypt so, or not, or that it takes nobody in just now. */
    private static final String POSTGRESQL = "GSNE";

    /**
     * What came of the words of a server.
     *
     * @param trouble why they are no greeting; empty when they are one
     */
    record Verdict(Optional<String> trouble) {
        private static final Verdict GREETED = new Verdict(Optional.empty());

        private static Verdict not(String trouble) {
            return new Verdict(Optional.of(trouble));
        }
    }

    private Greetings() {}

    /** What has to be said first; empty where the other end begins, or need not speak. */
    static byte[] request(Greeting greeting) {
        return switch (greeting) {
            case SSH, CONNECTION -> new byte[0];
            case POSTGRESQL -> encryption(ENCRYPTION_BY_GSSAPI);
            case POSTGRESQL_BEFORE_12 -> encryption(ENCRYPTION_BY_TLS);
        };
    }

    private static byte[] encryption(int code) {
        int bytes = 2 * Integer.BYTES;
        return ByteBuffer.allocate(bytes).putInt(bytes).putInt(code).array();
    }

    /**
     * @param heard all that was said since the connection was made
     * @param ended whether no more will come
     * @return empty while more is needed
     */
    static Optional<Verdict> verdict(Greeting greeting, byte[] heard, boolean ended) {
        String said = new String(heard, StandardCharsets.ISO_8859_1);
        Optional<Verdict> verdict =
                switch (greeting) {
                    case CONNECTION -> Optional.of(Verdict.GREETED);
                    case SSH -> ssh(said);
                    case POSTGRESQL, POSTGRESQL_BEFORE_12 -> postgresql(said);
                };
        return verdict.isEmpty() && ended
                ? Optional.of(
                        Verdict.not(
                                "it takes the connection and closes it"
                                        + (said.isEmpty() ? "" : " after " + Quoted.ascii(said))))
                : verdict;
    }

    private static Optional<Verdict> ssh(String said) {
        boolean maybe = said.startsWith(SSH) || SSH.startsWith(said);
        if (maybe && said.contains("\n")) {
            return Optional.of(Verdict.GREETED);
        }
        return maybe && said.length() < MOST_BYTES
                ? Optional.empty()
                : Optional.of(stranger("no agent", said));
    }

    private static Optional<Verdict> postgresql(String said) {
        if (said.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                POSTGRESQL.indexOf(said.charAt(0)) >= 0
                        ? Verdict.GREETED
                        : stranger("no PostgreSQL server", said));
    }

    private static Verdict stranger(String missing, String said) {
        String line = said.lines().findFirst().orElse("");
        return Verdict.not("what answers there is " + missing + ": it says " + Quoted.ascii(line));
    }
}
