package xlctl.agent.engine.postgresql.sql;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A test that takes a coordinator's name, and holds for each of them. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@FieldSource("xlctl.agent.engine.postgresql.sql.SqlCluster#COORDINATORS")
@interface ThroughEachCoordinator {}
