package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.Optional;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.RealEngine;
import xlctl.topology.EngineKind;

class PostgresXlEngineTest extends XlEngineContract {
    @Override
    protected Engine engine() {
        return XlEngine.postgresXl(Optional.of(RealEngine.home(kind())));
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.POSTGRES_XL;
    }

    @Override
    protected boolean isThePasswordFile(Path file) {
        return file.endsWith("state/pgpass");
    }
}
