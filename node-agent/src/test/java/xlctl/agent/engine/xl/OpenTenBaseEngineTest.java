package xlctl.agent.engine.xl;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineContract;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.host.TestHost;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.NodeKind;

@Tag(RealEngine.TAG)
class OpenTenBaseEngineTest extends EngineContract {
    private Optional<RunningGtm> gtm = Optional.empty();

    @BeforeEach
    void startAGtm() throws Exception {
        gtm = Optional.of(RunningGtm.start(engine(), kind(), directory.toRealPath().resolve("g")));
    }

    @AfterEach
    void endIt() throws InterruptedException {
        if (gtm.isPresent()) {
            gtm.get().close();
        }
    }

    @Override
    protected Engine engine() {
        return XlEngine.openTenBase(Optional.of(RealEngine.home(kind())));
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.OPENTENBASE;
    }

    @Override
    protected InstanceSecrets secrets(NodeKind node) {
        return TestHost.secrets(kind(), node);
    }

    @Override
    protected String unknownSetting() {
        return "no_such_setting = 1";
    }

    @Override
    protected Optional<GtmAddress> gtm() {
        return gtm.map(RunningGtm::address);
    }
}
