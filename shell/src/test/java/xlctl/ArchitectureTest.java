package xlctl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What may know what, in all modules. */
@AnalyzeClasses(
        packages = "xlctl",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> NODE_AGENT =
            resideInAPackage("xlctl.agent..")
                    .and(resideOutsideOfPackage("xlctl.agent.api.."))
                    .as("the node agent");

    private static final DescribedPredicate<JavaClass> MAIN =
            simpleNameEndingWith("Main").as("a Main");

    private static final DescribedPredicate<JavaClass> CONNECTION =
            resideInAPackage("xlctl..")
                    .and(assignableTo(AutoCloseable.class))
                    .as("connections to something outside");

    @ArchTest
    static final ArchRule aModuleKnowsOnlyTheModulesLeftOfIt =
            layeredArchitecture()
                    .consideringOnlyDependenciesInAnyPackage("xlctl..")
                    .layer("topology")
                    .definedBy(
                            "xlctl.topology..",
                            "xlctl.lookup..",
                            "xlctl.text..",
                            "xlctl.json..",
                            "xlctl.store..",
                            "xlctl.yaml..")
                    .layer("agent-api")
                    .definedBy("xlctl.agent.api..", "xlctl.certificate..")
                    .layer("node-agent")
                    .definedBy(NODE_AGENT)
                    .layer("controller")
                    .definedBy(
                            "xlctl.command..",
                            "xlctl.plan..",
                            "xlctl.operation..",
                            "xlctl.session..",
                            "xlctl.monitor..",
                            "xlctl.swarm..",
                            "xlctl.controller..")
                    .layer("shell")
                    .definedBy("xlctl.shell..")
                    .whereLayer("topology")
                    .mayNotAccessAnyLayer()
                    .whereLayer("agent-api")
                    .mayOnlyAccessLayers("topology")
                    .whereLayer("node-agent")
                    .mayOnlyAccessLayers("topology", "agent-api")
                    .whereLayer("controller")
                    .mayOnlyAccessLayers("topology", "agent-api")
                    .whereLayer("shell")
                    .mayOnlyAccessLayers("topology", "agent-api", "controller")
                    .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("xlctl.(**)").should().beFreeOfCycles();

    @ArchTest
    static void aForeignLibraryHasOneOwner(JavaClasses classes) {
        CompositeArchRule.of(
                        List.of(
                                onlyIn("xlctl.json..", "com.fasterxml.."),
                                onlyIn(
                                        "xlctl.store..",
                                        "org.apache.curator..",
                                        "org.apache.zookeeper.."),
                                onlyIn("xlctl.yaml..", "org.snakeyaml.."),
                                onlyIn("xlctl.agent.ssh..", "org.apache.sshd.."),
                                onlyIn("xlctl.certificate..", "org.bouncycastle.."),
                                onlyIn("xlctl.session..", "com.jcraft.."),
                                onlyIn("xlctl.shell.terminal..", "org.jline.."),
                                onlyIn("xlctl.shell", "picocli.."),
                                noClasses()
                                        .that()
                                        .resideOutsideOfPackages(
                                                "xlctl.agent.engine..", "xlctl.monitor..")
                                        .should()
                                        .dependOnClassesThat()
                                        .resideInAnyPackage(
                                                "java.sql..", "javax.sql..", "org.postgresql..")))
                .check(classes);
    }

    private static ArchRule onlyIn(String owner, String... library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(owner)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library);
    }

    @ArchTest
    static final ArchRule planningTouchesNothingOutside =
            noClasses()
                    .that()
                    .resideInAPackage("xlctl.plan..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.io..",
                            "java.net..",
                            "java.nio.file..",
                            "java.nio.channels..",
                            "java.sql..",
                            "java.util.concurrent..",
                            "xlctl.session..",
                            "xlctl.operation..")
                    .orShould()
                    .dependOnClassesThat(CONNECTION);

    @ArchTest
    static final ArchRule planningKnowsNoClockAndNoChance =
            noClasses()
                    .that()
                    .resideInAPackage("xlctl.plan..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .orShould()
                    .callMethod(System.class, "getProperty", String.class)
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(java.util.Random.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule onlyAMainEndsTheProcess =
            noClasses()
                    .that(are(DescribedPredicate.not(MAIN)))
                    .should()
                    .callMethod(System.class, "exit", int.class)
                    .orShould()
                    .callMethod(Runtime.class, "exit", int.class);

    @ArchTest
    static final ArchRule onlyAMainHoldsTheStandardStreams =
            noClasses()
                    .that(are(DescribedPredicate.not(MAIN)))
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .orShould()
                    .accessField(System.class, "in");

    @ArchTest
    static final ArchRule onlyTheProgramsConfigureLogging =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("xlctl.agent", "xlctl.shell", "xlctl.store.server")
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(
                            java.util.logging.Handler.class,
                            java.util.logging.Formatter.class,
                            java.util.logging.LogManager.class)
                    .orShould()
                    .callMethod(
                            java.util.logging.Logger.class,
                            "setLevel",
                            java.util.logging.Level.class);

    /** The tests of other modules, where Maven has packed them already. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar!");
        }
    }
}
