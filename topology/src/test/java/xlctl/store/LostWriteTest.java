package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.store.LostWrite.Found;
import xlctl.store.LostWrite.Trace;
import xlctl.store.LostWrite.Verdict;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

class LostWriteTest {
    private static final Create CREATE =
            new Create("/a", bytes("ours"), Lifetime.PERSISTENT, Access.CLUSTER);
    private static final Replace REPLACE = new Replace("/a", bytes("ours"), 3);
    private static final Delete DELETE = new Delete("/a", 3);
    private static final Check CHECK = new Check("/a", 3);

    static Stream<Arguments> traces() {
        return Stream.of(
                trace("created", CREATE, found("ours", 0), Verdict.WRITTEN),
                trace("nothing there", CREATE, nothing(), Verdict.NOT_WRITTEN),
                trace("made by another", CREATE, found("theirs", 0), Verdict.NOT_WRITTEN),
                trace("replaced since", CREATE, found("theirs", 1), Verdict.CANNOT_BE_TOLD),
                trace("replaced", REPLACE, found("ours", 4), Verdict.WRITTEN),
                trace("as before", REPLACE, found("theirs", 3), Verdict.NOT_WRITTEN),
                trace("older", REPLACE, found("theirs", 1), Verdict.NOT_WRITTEN),
                trace("another won", REPLACE, found("theirs", 4), Verdict.NOT_WRITTEN),
                trace("replaced again", REPLACE, found("theirs", 5), Verdict.CANNOT_BE_TOLD),
                trace("removed since", REPLACE, nothing(), Verdict.CANNOT_BE_TOLD),
                trace("gone", DELETE, nothing(), Verdict.WRITTEN),
                trace("still there", DELETE, found("x", 3), Verdict.NOT_WRITTEN),
                trace(
                        "gone and made again",
                        DELETE,
                        Optional.of(new Found(bytes("x"), 3, 99)),
                        Verdict.WRITTEN),
                trace("leaves no sign", CHECK, found("x", 3), Verdict.NOT_WRITTEN));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("traces")
    void judgesByWhatIsThere(String name, Write write, Optional<Found> found, Verdict expected) {
        assertThat(LostWrite.judge(List.of(new Trace(write, found, Optional.of(7L)))))
                .as(name)
                .isEqualTo(expected);
    }

    @Test
    void oneCertainSignIsEnough() {
        Trace written = new Trace(CREATE, found("ours", 0), Optional.empty());
        Trace absent = new Trace(CREATE, nothing(), Optional.empty());
        Trace unknown = new Trace(REPLACE, nothing(), Optional.empty());

        assertThat(LostWrite.judge(List.of(unknown, absent, written))).isEqualTo(Verdict.WRITTEN);
        assertThat(LostWrite.judge(List.of(unknown, absent))).isEqualTo(Verdict.NOT_WRITTEN);
    }

    @Test
    void whatWasAbsentBeforeWasNotDeletedByUs() {
        assertThat(LostWrite.judge(List.of(new Trace(DELETE, nothing(), Optional.empty()))))
                .isEqualTo(Verdict.NOT_WRITTEN);
    }

    private static Arguments trace(
            String name, Write write, Optional<Found> found, Verdict expected) {
        return Arguments.of(name, write, found, expected);
    }

    private static Optional<Found> found(String text, int version) {
        return Optional.of(new Found(bytes(text), version, 7));
    }

    private static Optional<Found> nothing() {
        return Optional.empty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
