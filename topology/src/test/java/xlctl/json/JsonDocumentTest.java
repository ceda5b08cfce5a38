package xlctl.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonDocumentTest {
    record Inner(String z, Optional<String> a) {}

    record Outer(long number, Instant at, List<Inner> inners, Optional<Inner> none) {
        public boolean isOdd() {
            return true;
        }
    }

    private static final Outer OUTER =
            new Outer(
                    3,
                    Instant.parse("2026-11-21T12:00:00Z"),
                    List.of(new Inner("ü", Optional.empty())),
                    Optional.empty());

    @Test
    void fieldsKeepTheOrderOfComponentsAndWhatIsAbsentIsNull() {
        Map<String, Object> fields = JsonDocument.fieldsOf(OUTER);

        assertThat(fields.keySet()).containsExactly("number", "at", "inners", "none");
        assertThat(JsonDocument.line(fields))
                .isEqualTo(
                        "{\"number\":3,\"at\":\"2026-11-21T12:00:00Z\","
                                + "\"inners\":[{\"z\":\"ü\",\"a\":null}],\"none\":null}");
    }

    @Test
    void prettyHasTheSameOverLines() {
        assertThat(JsonDocument.pretty(JsonDocument.fieldsOf(new Inner("z", Optional.of("a")))))
                .isEqualTo("{\n  \"z\": \"z\",\n  \"a\": \"a\"\n}");
    }
}
