package xlctl.agent.engine.postgresql;

import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineContract;
import xlctl.agent.host.TestHost;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;

class PostgresqlEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new PostgresqlEngine(Optional.empty());
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.POSTGRESQL;
    }

    @Override
    protected InstanceSecrets secrets(NodeKind node) {
        return TestHost.secrets(node);
    }

    @Override
    protected String unknownSetting() {
        return "no_such_setting = 1";
    }
}
