package xlctl.agent.engine.postgresql;

import java.util.Optional;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineContract;
import xlctl.topology.EngineKind;

class PostgresqlEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new PostgresqlEngine(Optional.empty());
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.POSTGRESQL;
    }
}
