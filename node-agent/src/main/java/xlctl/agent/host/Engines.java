package xlctl.agent.host;

import java.nio.file.Path;
import java.util.Optional;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.postgresql.PostgresqlEngine;
import xlctl.agent.engine.xl.XlEngine;
import xlctl.topology.EngineKind;

/** The engines there are. */
final class Engines {
    private Engines() {}

    /**
     * @param home the directory whose {@code bin} has the programs; found by the engine when empty
     */
    static Engine of(EngineKind kind, Optional<Path> home) {
        switch (kind) {
            case POSTGRESQL:
                return new PostgresqlEngine(home);
            case POSTGRES_XL:
                return XlEngine.postgresXl(home);
            case OPENTENBASE:
                return XlEngine.openTenBase(home);
        }
        throw new AssertionError(kind);
    }
}
