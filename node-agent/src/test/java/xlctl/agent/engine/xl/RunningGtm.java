package xlctl.agent.engine.xl;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerProcesses;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.NodeName;

/** A GTM for tests of what needs one. */
final class RunningGtm {
    private static final String NAME = "gtm_m_1";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Engine engine;
    private final ServerProcesses processes;
    private final Site site;

    private RunningGtm(Engine engine, Site site) {
        this.engine = engine;
        this.processes = new ServerProcesses(engine::send);
        this.site = site;
    }

    static RunningGtm start(Engine engine, EngineKind kind, Path directory) throws Exception {
        RunningGtm gtm =
                new RunningGtm(engine, GtmSites.gtm(kind, directory, NAME, GtmSites.freePort()));
        engine.initialise(gtm.site, line -> {});
        gtm.processes.start(engine.command(gtm.site));
        try (ServerLink link = engine.link(gtm.site)) {
            await().atMost(LONG).until(() -> link.check().answers());
        }
        return gtm;
    }

    GtmAddress address() {
        return new GtmAddress(
                new NodeName(NAME), site.spec().instance().address(), Optional.empty());
    }

    void close() throws InterruptedException {
        processes.kill(engine.command(site), Optional.empty(), LONG);
    }
}
