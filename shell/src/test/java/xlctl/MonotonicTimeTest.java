package xlctl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.Date;

/**
 * Times of day are noted and shown; how long something takes is measured by no clock that is set.
 * But what certificates are valid for is by the calendar.
 */
@AnalyzeClasses(
        packages = "xlctl",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class MonotonicTimeTest {
    @ArchTest
    static final ArchRule noWaitIsMeasuredByTheTimeOfDay =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("xlctl.certificate", "xlctl.agent.tls")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Clock.class, "millis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Instant.class, "toEpochMilli")
                    .orShould()
                    .callConstructor(Date.class)
                    .orShould()
                    .callMethod(Duration.class, "between", Temporal.class, Temporal.class)
                    .because("a clock that is set back would make it negative, or endless");
}
