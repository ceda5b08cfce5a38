package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.engine.Health;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;

class GtmLinkTest {
    private static final String LISTEN = "127.0.0.1";

    @TempDir Path directory;

    @Test
    void findsAGtmThatServes() throws Exception {
        try (FakeGtm gtm = new FakeGtm(FakeGtm.welcome(), FakeGtm.answer(28))) {
            assertThat(check(gtm.address().getPort()).answers()).isTrue();
        }
    }

    @Test
    void saysThatAGtmRefusesWhichAnswersWithAnError() throws Exception {
        try (FakeGtm gtm = new FakeGtm(FakeGtm.error("too many connections"))) {
            Health health = check(gtm.address().getPort());

            assertThat(health.reaction()).isEqualTo(Health.Reaction.REFUSES);
            assertThat(health.why()).isEqualTo("it says: too many connections");
        }
    }

    @Test
    void saysThatAGtmIsSilentWhichClosesTheConnection() throws Exception {
        try (FakeGtm gtm = new FakeGtm(new byte[0])) {
            assertThat(check(gtm.address().getPort()).reaction()).isEqualTo(Health.Reaction.SILENT);
        }
    }

    private Health check(int port) throws Exception {
        return new GtmLink(
                        GtmSites.site(
                                EngineKind.OPENTENBASE,
                                NodeKind.GTM,
                                Optional.empty(),
                                directory,
                                "gtm_1",
                                port,
                                LISTEN,
                                ""),
                        new OpenTenBase(),
                        Optional::empty,
                        (signal, pid) -> {})
                .check();
    }
}
