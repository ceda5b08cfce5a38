package xlctl.agent.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import xlctl.topology.EngineKind;

/** The engines that this project does not bring: their tests run where they are installed. */
public final class RealEngine {
    /** The tag of tests that need one. */
    public static final String TAG = "real-engine";

    private RealEngine() {}

    /** Where the engine is installed. Skips the test when it is not said. */
    public static Path home(EngineKind engine) {
        String variable =
                engine == EngineKind.POSTGRES_XL ? "XLCTL_XL_HOME" : "XLCTL_OPENTENBASE_HOME";
        Optional<String> home = Optional.ofNullable(System.getenv(variable));
        assumeTrue(
                home.filter(value -> !value.isBlank()).isPresent(),
                "skipped: " + variable + " does not say where " + engine + " is installed");
        return Path.of(home.get());
    }
}
