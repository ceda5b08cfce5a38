package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.ControllerKey;
import xlctl.command.Command;
import xlctl.session.KeyFiles;
import xlctl.session.OwnKey;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;

/**
 * A home that is lost, or out of reach, in the middle of the replacement of its key: another one
 * ends it, and whoever finds the first again is not locked out.
 */
class LostHomeTest {
    private static final Command ROTATE = new Command.RotateKeys();

    @TempDir private Path directory;

    @TestFactory
    Stream<DynamicTest> anotherHomeEndsItAfterACrashAnywhere() {
        CrashPoint none = CrashPoint.never();
        try (World world = world()) {
            run(world, none);
        }
        assertThat(none.passed()).isGreaterThan(20);
        List<DynamicTest> tests = new ArrayList<>();
        for (int point = 1; point <= none.passed(); point++) {
            int at = point;
            tests.add(
                    DynamicTest.dynamicTest(
                            "crash at " + at + " of " + none.passed(), () -> endElsewhere(at)));
        }
        return tests.stream();
    }

    private void endElsewhere(int point) throws IOException {
        try (World world = world()) {
            assertThatThrownBy(() -> run(world, new CrashPoint(point)))
                    .isInstanceOf(CrashPoint.Crash.class);
            ControllerKey kept = world.agents().ownKey().publicHalf();
            lose(world, Files.createDirectory(directory.resolve("" + point)));

            Operations other = world.controller("other");
            for (OperationHeader open : world.openOperations()) {
                Outcome outcome = other.rollback(open.number(), QUIET, new Cancellation());
                if (outcome.end() == Outcome.End.REFUSED) {
                    assertThat(outcome.problems().toString()).contains("past its commit point");
                    outcome = other.resume(open.number(), QUIET, new Cancellation());
                }
                assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
            }

            assertThat(world.openOperations()).isEmpty();
            assertThat(world.agents().hosts()).allMatch(host -> host.keys().contains(kept));
            assertThat(other.run(List.of(ROTATE), QUIET, new Cancellation()).get(0).end())
                    .isEqualTo(Outcome.End.DONE);
            assertThat(world.agents().hosts()).allMatch(host -> host.keys().contains(kept));
        }
    }

    /** From here on the home of all controllers is one with a key of its own. */
    static void lose(World world, Path elsewhere) throws IOException {
        OwnKey own = world.agents().ownKey();
        for (Path file : List.of(own.file(), own.freshFile(), own.formerFile())) {
            if (Files.exists(file)) {
                Files.move(file, elsewhere.resolve(file.getFileName()));
            }
        }
        KeyFiles.generate(own.file(), "another home");
        ControllerKey key = own.publicHalf();
        world.agents().hosts().forEach(host -> host.letInToo(key));
    }

    private static World world() {
        World world = new World("h1", "h2");
        var unused = world.agents().ownKey();
        return world;
    }

    private static void run(World world, CrashPoint point) {
        RecordTree session = world.session();
        try {
            world.controller(
                            point.around(session),
                            point.around(world.agents()),
                            point.around(world.services()),
                            "first")
                    .run(List.of(ROTATE), QUIET, new Cancellation());
        } finally {
            session.close();
        }
    }
}
