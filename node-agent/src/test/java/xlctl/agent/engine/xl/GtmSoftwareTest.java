package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.process.Signal;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;
import xlctl.topology.Problem;

/** Files, command lines and signals of GTMs and proxies; needs no engine. */
class GtmSoftwareTest {
    private static final HostPort GTM = new HostPort(new HostName("10.1.1.1"), new Port(6666));

    @TempDir Path directory;
    private final Engine xl = XlEngine.postgresXl(Optional.of(Path.of("/opt/xl")));
    private final Engine openTenBase = XlEngine.openTenBase(Optional.of(Path.of("/opt/otb")));

    @Test
    void makesAGtmOfPostgresXl() throws Exception {
        Site site = GtmSites.gtm(EngineKind.POSTGRES_XL, directory, "gtm_1", 6666);
        xl.initialise(site, line -> {});

        assertThat(configuration(site, "gtm.conf"))
                .containsExactly(
                        "# Written by xlctl.",
                        "nodename = 'gtm_1'",
                        "listen_addresses = '127.0.8.2'",
                        "port = '6666'",
                        "startup = 'ACT'",
                        "log_file = '" + site.stateDirectory() + "/log/gtm.log'");
        assertThat(xl.command(site).arguments())
                .containsExactly("/opt/xl/bin/gtm", "-D", site.dataDirectory().toString());
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(site.dataDirectory())))
                .isEqualTo("rwx------");
    }

    @Test
    void makesAGtmOfOpenTenBaseWithItsOwnSocketAndLogs() throws Exception {
        Site site = GtmSites.gtm(EngineKind.OPENTENBASE, directory, "gtm_1", 6666);
        openTenBase.initialise(site, line -> {});

        assertThat(configuration(site, "gtm.conf"))
                .contains(
                        "unix_socket_directory = '" + site.socketDirectory() + "'",
                        "log_filename_pattern = 'gtm-%a.log'")
                .noneMatch(line -> line.startsWith("log_file "));
        assertThat(site.dataDirectory().resolve("gtm_xlog")).isDirectory();
        assertThat(openTenBase.command(site).arguments().get(0)).isEqualTo("/opt/otb/bin/gtm");
    }

    @Test
    void makesAProxy() throws Exception {
        Site site = GtmSites.proxy(directory, "proxy_1", 6667, GTM);
        xl.initialise(site, line -> {});

        assertThat(configuration(site, "gtm_proxy.conf"))
                .containsExactly(
                        "# Written by xlctl.",
                        "nodename = 'proxy_1'",
                        "listen_addresses = '127.0.8.2'",
                        "port = '6667'",
                        "gtm_host = '10.1.1.1'",
                        "gtm_port = '6666'",
                        "worker_threads = '1'",
                        "gtm_connect_retry_interval = '1'",
                        "log_file = '" + site.stateDirectory() + "/log/gtm.log'");
        assertThat(xl.command(site).program()).hasFileName("gtm_proxy");
    }

    @Test
    void refusesProxiesOfOpenTenBaseWithTheReason() throws Exception {
        Site proxy = GtmSites.proxy(directory, "proxy_1", 6667, GTM);

        assertThat(openTenBase.refusals(proxy.spec()))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.what()).contains("aborts");
                            assertThat(problem.remedy()).contains("directly");
                        });
        assertThat(xl.refusals(proxy.spec())).isEmpty();
    }

    @Test
    void takesFewSettingsOfOperators() throws Exception {
        Site site =
                GtmSites.site(
                        EngineKind.POSTGRES_XL,
                        NodeKind.GTM,
                        Optional.empty(),
                        directory,
                        "gtm_1",
                        6666,
                        GtmSites.HOST,
                        "log_min_messages = LOG\nport = 1\nno_such = 2\ninclude 'x'");

        assertThat(xl.refusals(site.spec()))
                .extracting(Problem::what)
                .hasSize(3)
                .anySatisfy(what -> assertThat(what).contains("line 2").contains("port"))
                .anySatisfy(what -> assertThat(what).contains("no_such"))
                .anySatisfy(what -> assertThat(what).contains("include"));
    }

    @Test
    void listensOnTheHostsOwnAddressOfSeveral() throws Exception {
        assertThat(GtmSettings.listen(listening("127.0.0.1, 127.0.8.2"))).isEqualTo("127.0.8.2");
        assertThat(GtmSettings.listen(listening("*"))).isEqualTo("*");
        assertThatThrownBy(() -> GtmSettings.listen(listening("127.0.0.1,127.0.8.3")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("127.0.8.2");
    }

    /** QUIT leaves a GTM of OpenTenBase half dead. */
    @ParameterizedTest
    @EnumSource(StopMode.class)
    void stopsOneWay(StopMode mode) throws Exception {
        Site site = GtmSites.gtm(EngineKind.OPENTENBASE, directory, "gtm_1", 6666);

        assertThat(openTenBase.signal(site, mode)).isEqualTo(Signal.TERM);
    }

    @Test
    void readsTheClaimAndClearsWhatADeadServerLeft() throws Exception {
        Site site = GtmSites.gtm(EngineKind.OPENTENBASE, directory, "gtm_1", 6666);
        openTenBase.initialise(site, line -> {});
        Path pid = site.dataDirectory().resolve("gtm.pid");
        Path lock = site.socketDirectory().resolve(".s.GTM.6666.lock");
        assertThat(openTenBase.claimedPid(site)).isEmpty();
        Files.writeString(pid, "4711\n/data\n1\n");
        Files.writeString(lock, "4711\n");

        assertThat(openTenBase.claimedPid(site)).contains(4711L);
        openTenBase.clearRemains(site);

        assertThat(pid).doesNotExist();
        assertThat(lock).doesNotExist();
    }

    @Test
    @DisplayName("D9: of all sockets only those of the GTM itself are removed")
    void removesNobodyElsesSocket() throws Exception {
        Site site = GtmSites.gtm(EngineKind.OPENTENBASE, directory, "gtm_1", 6666);
        openTenBase.initialise(site, line -> {});
        Path own = Files.createFile(site.socketDirectory().resolve(".s.GTM.6666"));
        Path proxys = Files.createFile(site.socketDirectory().resolve(".s.GTM.6660"));
        Path nodes = Files.createFile(site.socketDirectory().resolve(".s.PGSQL.6666"));

        openTenBase.clearRemains(site);

        assertThat(own).doesNotExist();
        assertThat(proxys).exists();
        assertThat(nodes).exists();
    }

    private Site listening(String listen) throws IOException {
        return GtmSites.site(
                EngineKind.POSTGRES_XL,
                NodeKind.GTM,
                Optional.empty(),
                directory,
                "gtm_1",
                6666,
                listen,
                "");
    }

    private static List<String> configuration(Site site, String file) throws IOException {
        return Files.readAllLines(site.dataDirectory().resolve(file)).stream()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
