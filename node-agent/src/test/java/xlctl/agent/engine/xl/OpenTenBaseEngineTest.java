package xlctl.agent.engine.xl;

import java.util.Optional;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.RealEngine;
import xlctl.topology.EngineKind;

class OpenTenBaseEngineTest extends XlEngineContract {
    @Override
    protected Engine engine() {
        return XlEngine.openTenBase(Optional.of(RealEngine.home(kind())));
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.OPENTENBASE;
    }
}
