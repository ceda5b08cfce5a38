package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.topology.NodeKind;

/**
 * What pgxc_ctl's shell did wrong and this does not; the numbers are docs/pgxc_ctl-defects.md's.
 */
class PgxcCtlDefectsTest {
    @TempDir private Path home;
    private final FakeCluster cluster = new FakeCluster();
    private final AtomicInteger connections = new AtomicInteger();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    @DisplayName("D1: a script of commands is no configuration, and no shell runs it")
    void aScriptIsNoConfiguration() throws IOException {
        Path made = home.resolve("made");
        Path script = Files.writeString(home.resolve("s"), "touch " + made + "\n");

        assertThat(run("", "--cluster", "c", "-i", script.toString())).isEqualTo(2);

        assertThat(made).doesNotExist();
        assertThat(err.toString(UTF_8)).contains("\"touch\" is not a command");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill all", "monitor all", "start gtm", "psql -c x"})
    @DisplayName("D3: without a configuration nothing is acted upon")
    void withoutSettingsItActsOnNoCluster(String command) {
        assertThat(run(command + "\n")).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("no cluster is named");
        assertThat(connections).hasValue(0);
    }

    @Test
    @DisplayName(
            "D4: each line of a script is run once, the last one too, and none before all are read")
    void runsEachLineOfAScriptOnce() throws IOException {
        Path script = home.resolve("s");
        Files.writeString(script, "start all\nstop data_m_1\nkill data_m_2");

        assertThat(run("kill all\n", "--cluster", "c", "-i", script.toString())).isZero();
        assertThat(cluster.asked)
                .containsExactly("[start all]", "[stop -m fast data_m_1]", "[kill data_m_2]");

        cluster.asked.clear();
        Files.writeString(script, "start all\n(null)\n");
        assertThat(run("", "--cluster", "c", "-i", script.toString())).isEqualTo(2);
        assertThat(cluster.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kill coordinator",
                "kill coordinator all",
                "kill datanode",
                "show config coordinator master coord_m_1",
                "show config coordinator"
            })
    @DisplayName("D15: commands without names, or with unknown ones, end in words")
    void takesAKindWithoutNamesForAllOfIt(String command) {
        cluster.view = Clusters.of(Clusters.up(NodeKind.COORDINATOR, "coord_m_1", "h"));

        assertThat(run(command + "\n", "--cluster", "c")).isZero();
        assertThat(run("show config coordinator master nobody\n", "--cluster", "c")).isEqualTo(4);
        assertThat(err.toString(UTF_8)).contains("there is no node nobody");
    }

    @Test
    @DisplayName("D24: none is no directory")
    void noneIsNoDirectory() {
        String add = "add datanode master d1 h 5432 none ";

        assertThat(run(add + "d none none none\n", "--cluster", "c", "--dry-run")).isZero();
        assertThat(run(add + "NONE none none none\n", "--cluster", "c")).isEqualTo(2);
        assertThat(cluster.asked).singleElement().asString().startsWith("plan ");
        assertThat(err.toString(UTF_8)).contains("\"NONE\" is not a directory that can be used");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "';rm -rf ~'",
                "'$(reboot)'",
                "'`id`'",
                "'a b'",
                "'a\"b'",
                "\"a'b\"",
                "'a|b'",
                "-x",
                "../x",
                "'a&b'",
                "'a>b'",
                "'*'"
            })
    @DisplayName("D29: names that a shell would obey are refused and reach no agent")
    void refusesNamesThatAShellWouldObey(String name) {
        assertThat(run("add gtm master " + name + " h 5432 d\n", "--cluster", "c")).isEqualTo(2);
        assertThat(run("add gtm master g " + name + " 5432 d\n", "--cluster", "c")).isEqualTo(2);
        assertThat(run("kill " + name + "\n", "--cluster", "c")).isEqualTo(2);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    @DisplayName("D30: a line may be as long as it takes")
    void aLineMayNameAThousandNodes() {
        String names =
                IntStream.range(0, 1000)
                        .mapToObj(number -> "a_rather_long_name_of_a_datanode_" + number)
                        .collect(Collectors.joining(" "));

        assertThat(run("stop " + names + "\n", "--cluster", "c")).isZero();
        assertThat(cluster.asked).containsExactly("[stop -m fast " + names + "]");
    }

    private int run(String input, String... arguments) {
        Program program =
                new Program(
                        Map.of("XLCTL_HOME", home.toString()),
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> {
                            connections.incrementAndGet();
                            return cluster;
                        },
                        new Interruption());
        return program.run(arguments);
    }
}
