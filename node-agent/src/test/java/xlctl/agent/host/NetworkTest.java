package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may log in from where, with real addresses: in network namespaces, because on loopback every
 * connection comes from 127.0.0.1. Needs a kernel that lets users make namespaces.
 */
class NetworkTest {
    private static final List<String> NAMESPACE =
            List.of("unshare", "--user", "--map-current-user", "--keep-caps", "--net");

    @TempDir Path directory;

    @Test
    void letsRolesInFromTheirNetworksOnly() throws Exception {
        assumeTrue(
                run(directory.resolve("probe"), List.of("ip", "link", "set", "lo", "up")) == 0,
                "this kernel lets no user make network namespaces");
        Path log = directory.resolve("log");

        int exitCode =
                run(
                        log,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                NetworkScenario.class.getName(),
                                directory.toString()));

        assertThat(exitCode).as(Files.readString(log)).isZero();
        List<String> logins =
                Files.readAllLines(log).stream()
                        .filter(line -> line.matches("(coord_m_1|data_m_1) .*"))
                        .collect(Collectors.toList());
        assertThat(logins).hasSize(48);
        // Those that are not used have no password; the rules are the same for them.
        assertThat(logins)
                .filteredOn(line -> !line.matches(".* (in|refused)"))
                .hasSize(6)
                .allMatch(
                        line ->
                                line.matches(
                                        "(coord_m_1|data_m_1) xlctl_[a-z]+_2 10\\.9\\.1\\.1 FATAL:"
                                                + " password authentication failed .*"));
        assertThat(logins)
                .filteredOn(line -> line.endsWith(" in"))
                .containsExactlyInAnyOrder(
                        "coord_m_1 xlctl_internal 10.9.1.1 in",
                        "coord_m_1 xlctl_ddl 10.9.1.1 in",
                        "coord_m_1 xlctl_monitor 10.9.1.1 in",
                        "data_m_1 xlctl_internal 10.9.1.1 in",
                        "data_m_1 xlctl_ddl 10.9.1.1 in",
                        "data_m_1 xlctl_monitor 10.9.1.1 in",
                        "coord_m_1 app 10.9.2.1 in");
    }

    private static int run(Path log, List<String> command)
            throws IOException, InterruptedException {
        List<String> words = Stream.concat(NAMESPACE.stream(), command.stream()).toList();
        Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not done after two minutes: " + Files.readString(log));
        }
        return process.exitValue();
    }
}
