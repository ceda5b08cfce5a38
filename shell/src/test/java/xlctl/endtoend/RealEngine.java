package xlctl.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import xlctl.topology.EngineKind;

/**
 * An engine that this project does not bring: its tests run where it is installed.
 *
 * @param home the directory whose {@code bin} has its programs
 */
record RealEngine(EngineKind kind, Path home) {
    /** The tag of tests that need one. */
    static final String TAG = "real-engine";

    /** As the variable says. Skips the test where it says nothing. */
    static RealEngine of(EngineKind kind, String variable) {
        Optional<String> home =
                Optional.ofNullable(System.getenv(variable)).filter(text -> !text.isBlank());
        assumeTrue(
                home.isPresent(),
                "skipped: " + variable + " does not say where " + kind + " is installed");
        assumeTrue(
                Files.isExecutable(Path.of(home.get()).resolve("bin/postgres")),
                "skipped: no program bin/postgres below " + variable + ", " + home.get());
        return new RealEngine(kind, Path.of(home.get()));
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }
}
