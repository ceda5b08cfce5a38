package xlctl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearNamesTest {
    @ParameterizedTest
    @CsvSource({
        "host, host, 0",
        "hots, host, 1",
        "hst, host, 1",
        "hoost, host, 1",
        "HOST, host, 0",
        "hosd, host, 1",
        "port, host, 2",
        "'', host, 4",
        "coord_m_1, coord_m_2, 1",
    })
    void countsTheLettersBetweenTwoNames(String one, String other, int expected) {
        assertThat(NearNames.distance(one, other)).isEqualTo(expected);
        assertThat(NearNames.distance(other, one)).isEqualTo(expected);
    }

    @Test
    void givesTheNearestFirst() {
        assertThat(NearNames.of("data_m_1", List.of("gtm", "data_m_22", "data_m_2", "coord_m_1")))
                .containsExactly("data_m_2", "data_m_22");
    }

    @Test
    void givesThreeAtMost() {
        assertThat(NearNames.of("a1", List.of("a2", "a3", "a4", "a5")))
                .containsExactly("a2", "a3", "a4");
    }

    @Test
    void asksNothingWhenNoNameIsNear() {
        assertThat(NearNames.question("zzz", List.of("host", "port"))).isEmpty();
        assertThat(NearNames.question("hots", List.of("host", "port")))
                .isEqualTo("did you mean \"host\"?");
    }
}
