package xlctl.agent.engine.xl;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import xlctl.agent.engine.EngineContract;
import xlctl.agent.engine.RealEngine;
import xlctl.topology.GtmAddress;

/** As for every engine, with a GTM that the servers need. */
@Tag(RealEngine.TAG)
abstract class XlEngineContract extends EngineContract {
    private Optional<RunningGtm> gtm = Optional.empty();

    @BeforeEach
    void startAGtm() throws Exception {
        gtm = Optional.of(RunningGtm.start(engine(), kind(), directory.resolve("gtm")));
    }

    @AfterEach
    void endIt() throws InterruptedException {
        if (gtm.isPresent()) {
            gtm.get().close();
        }
    }

    @Override
    protected Optional<GtmAddress> gtm() {
        return gtm.map(RunningGtm::address);
    }
}
