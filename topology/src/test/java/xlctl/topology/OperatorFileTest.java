package xlctl.topology;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OperatorFileTest {
    @Test
    void linesComeFromSomewhere() {
        assertThatThrownBy(() -> new OperatorFile("", "work_mem = 8MB\n"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("no name");
    }
}
