package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ProcessIdentity;
import xlctl.agent.process.ServerProcesses;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.Networks;
import xlctl.topology.NodeName;
import xlctl.topology.Places;

/** GTMs and proxies as they are. */
@Tag(RealEngine.TAG)
class RealGtmTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path directory;
    private final List<Runnable> ends = new ArrayList<>();

    @AfterEach
    void endServers() {
        ends.forEach(Runnable::run);
    }

    @ParameterizedTest
    @EnumSource(
            value = EngineKind.class,
            names = {"POSTGRES_XL", "OPENTENBASE"})
    void manyChecksLeaveNoLineInTheLog(EngineKind kind) throws Exception {
        Engine engine = engine(kind);
        Site site = gtm(kind, "gtm_1");
        start(engine, site);
        try (ServerLink link = engine.link(site)) {
            String before = logs(site);
            for (int i = 0; i < 20; i++) {
                assertThat(link.check().answers()).isTrue();
            }
            assertThat(logs(site)).isEqualTo(before);
            assertThat(logs(site)).doesNotContain("FATAL");
        }
    }

    /** {@link xlctl.agent.host} empties it once it is long. */
    @Test
    void postgresXlGoesOnAtTheBeginningOfALogThatWasEmptied() throws Exception {
        Engine engine = engine(EngineKind.POSTGRES_XL);
        Site site = gtm(EngineKind.POSTGRES_XL, "gtm_1");
        start(engine, site);
        Path log = engine.endlessLogs(site).get(0);
        assertThat(log).isNotEmptyFile();
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }

        try (Socket stranger = new Socket(GtmSites.HOST, site.port())) {
            stranger.getOutputStream().write('?');
        }

        await().atMost(LONG).untilAsserted(() -> assertThat(log).isNotEmptyFile());
        assertThat(Files.readAllBytes(log)[0]).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = EngineKind.class,
            names = {"POSTGRES_XL", "OPENTENBASE"})
    void startsAgainHoweverItEnded(EngineKind kind) throws Exception {
        Engine engine = engine(kind);
        Site site = gtm(kind, "gtm_1");
        ServerProcesses processes = new ServerProcesses(engine::send);
        for (StopMode mode : StopMode.values()) {
            ProcessIdentity first = start(engine, site);
            assertThat(engine.claimedPid(site)).contains(first.pid());
            assertThat(processes.stop(engine.command(site), first, engine.signal(site, mode), LONG))
                    .isEmpty();
        }
        ProcessIdentity last = start(engine, site);
        assertThat(processes.kill(engine.command(site), Optional.of(last), LONG)).isEmpty();
        start(engine, site);
        assertThat(engine.lastWords(site)).isNotEmpty();
    }

    @Test
    void aProxyAnswersForItsGtmAndConnectsToAnother() throws Exception {
        Engine engine = engine(EngineKind.POSTGRES_XL);
        Site first = gtm(EngineKind.POSTGRES_XL, "gtm_1");
        Site second = gtm(EngineKind.POSTGRES_XL, "gtm_2");
        ProcessIdentity gtm = start(engine, first);
        start(engine, second);
        Site proxy =
                GtmSites.proxy(
                        directory.toRealPath(),
                        "proxy_1",
                        GtmSites.freePort(),
                        first.spec().instance().address());
        start(engine, proxy);
        try (ServerLink link = engine.link(proxy)) {
            link.reconnect();
            assertThat(link.check().answers()).isTrue();
            new ServerProcesses(engine::send).kill(engine.command(first), Optional.of(gtm), LONG);
            assertThat(link.check().answers()).isFalse();

            link.converge(catalog(second));

            assertThat(link.check().answers()).isTrue();
            assertThat(proxy.dataDirectory().resolve("gtm_proxy.conf"))
                    .content()
                    .contains("gtm_port = '" + second.port() + "'");
        }
    }

    private static Catalog catalog(Site gtm) {
        return new Catalog(
                List.of(),
                Set.of(new HostName(GtmSites.HOST)),
                Networks.HOSTS_ONLY,
                Map.of(
                        new HostName(GtmSites.HOST),
                        new GtmAddress(
                                new NodeName("gtm_1"),
                                gtm.spec().instance().address(),
                                Optional.empty())),
                Places.UNKNOWN);
    }

    private Site gtm(EngineKind kind, String name) throws IOException {
        return GtmSites.gtm(kind, directory.toRealPath(), name, GtmSites.freePort());
    }

    private static Engine engine(EngineKind kind) {
        Optional<Path> home = Optional.of(RealEngine.home(kind));
        return kind == EngineKind.POSTGRES_XL
                ? XlEngine.postgresXl(home)
                : XlEngine.openTenBase(home);
    }

    private ProcessIdentity start(Engine engine, Site site) throws Exception {
        if (!Files.exists(site.dataDirectory())) {
            engine.initialise(site, line -> {});
        }
        ServerProcesses processes = new ServerProcesses(engine::send);
        engine.clearRemains(site);
        ProcessIdentity process = processes.start(engine.command(site));
        ends.add(
                () -> {
                    try {
                        processes.kill(engine.command(site), Optional.empty(), LONG);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        try (ServerLink link = engine.link(site)) {
            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(link.check().answers())
                                            .as(engine.lastWords(site))
                                            .isTrue());
        }
        return process;
    }

    private static String logs(Site site) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path place : List.of(site.dataDirectory(), site.stateDirectory())) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file :
                        files.filter(path -> path.toString().matches(".*\\.(log|out)"))
                                .sorted()
                                .toList()) {
                    all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all.toString();
    }
}
