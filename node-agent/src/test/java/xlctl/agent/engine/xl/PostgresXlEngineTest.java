package xlctl.agent.engine.xl;

import java.nio.file.Path;
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
class PostgresXlEngineTest extends EngineContract {
    private Optional<RunningGtm> gtm = Optional.empty();

    @BeforeEach
    void startAGtm() throws Exception {
        gtm =
                Optional.of(
                        RunningGtm.start(
                                RealEngine.home(kind()), directory.toRealPath().resolve("gtm")));
    }

    @AfterEach
    void endIt() throws InterruptedException {
        if (gtm.isPresent()) {
            gtm.get().close();
        }
    }

    @Override
    protected Engine engine() {
        return XlEngine.postgresXl(Optional.of(RealEngine.home(kind())));
    }

    @Override
    protected EngineKind kind() {
        return EngineKind.POSTGRES_XL;
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

    @Override
    protected boolean isThePasswordFile(Path file) {
        return file.endsWith("state/pgpass");
    }
}
