package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What a program said until it ended. */
record Outcome(List<String> command, int exit, String out, String err) {
    /** Fails, with all that was said, unless the program ended with this exit code. */
    Outcome exits(int expected) {
        assertThat(exit).as(toString()).isEqualTo(expected);
        return this;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit " + exit + "\n" + out + "--- stderr:\n" + err;
    }
}
