package xlctl.shell.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xlctl.monitor.HostMatrix;
import xlctl.shell.answer.HostMatrixAnswer;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

class HostMatrixTextTest {
    @Test
    void aHealthyMatrixEndsWithALineThatSaysSo() {
        assertThat(text(Matrices.open("h1", "h2"), 80))
                .containsExactly(
                        "FROM \\ TO  h1  h2",
                        "h1         ok  ok",
                        "h2         ok  ok",
                        "",
                        "All that should be reached is reached: 4 of 4 pairs of hosts are open.");
    }

    @Test
    void eachWayThatIsNotOpenHasALineWithItsReason() {
        assertThat(text(Matrices.troubled("127.0.1.2", "127.0.1.3", "127.0.1.4"), 80))
                .containsExactly(
                        "FROM \\ TO  127.0.1.2  127.0.1.3  127.0.1.4",
                        "127.0.1.2  ?          ?          ?",
                        "127.0.1.3  ok         ok         ok",
                        "127.0.1.4  1/2        no         -",
                        "",
                        "What 127.0.1.2 reaches is not known: the agent of host 127.0.1.2 did not"
                                + " answer within 4 s (see whether the host and its agent run)",
                        "127.0.1.4 does not reach data_m_0 on 127.0.1.2:5432: no answer within 1 s",
                        "127.0.1.4 does not reach the agent on 127.0.1.3:7422: no answer within"
                                + " 1 s; 127.0.1.3 reaches 127.0.1.4",
                        "127.0.1.4 does not reach data_m_1 on 127.0.1.3:5432: no answer within"
                                + " 1 s; 127.0.1.3 reaches 127.0.1.4",
                        "Nobody needs to reach data_m_2 on 127.0.1.4:5432: it is stopped, or was"
                                + " never started",
                        "",
                        "3 of 8 pairs of hosts are open.");
    }

    @Test
    void hostsAreNumberedWhereTheirNamesAreTooWide() {
        assertThat(text(Matrices.open("db-1.example.com", "db-2.example.com", "db-3"), 42))
                .startsWith(
                        "FROM \\ TO             [1]  [2]  [3]",
                        "[1] db-1.example.com  ok   ok   ok",
                        "[2] db-2.example.com  ok   ok   ok",
                        "[3] db-3              ok   ok   ok");
    }

    @Test
    void aMatrixThatIsWiderThanTheScreenIsLeftOut() {
        List<String> hosts = IntStream.range(0, 30).mapToObj(n -> "host-" + n).toList();
        HostMatrix cut =
                Matrices.shut(
                        hosts, way -> Matrices.from(way, "host-3") && Matrices.to(way, "host-4"));

        assertThat(text(cut, 80))
                .containsExactly(
                        "host-3 does not reach the agent on host-4:7422: no answer within 1 s;"
                                + " host-4 reaches host-3",
                        "host-3 does not reach data_m_4 on host-4:5432: no answer within 1 s;"
                                + " host-4 reaches host-3",
                        "",
                        "The matrix of 30 hosts is wider than 80 columns; 899 of 900 pairs of"
                                + " hosts are open.");
        assertThat(text(cut, 200)).hasSize(30 + 1 + 5);
        assertThat(text(Matrices.shut(hosts, way -> false), 80))
                .containsExactly(
                        "The matrix of 30 hosts is wider than 80 columns; all that should be"
                                + " reached is reached: 900 of 900 pairs of hosts are open.");
    }

    @Test
    void whatAnAgentSaysDoesNotActOnTheTerminal() {
        HostMatrix.Host silent =
                new HostMatrix.Host(
                        new HostName("h1"), Optional.of(Problem.of("gone\u001b[2J", "")));

        assertThat(String.join("\n", text(new HostMatrix(List.of(silent), List.of()), 80)))
                .contains("gone\\u001b[2J");
    }

    @Test
    void withoutHostsItSaysHowToRegisterOne() {
        assertThat(text(new HostMatrix(List.of(), List.of()), 80))
                .containsExactly("No host is registered: host accept HOST registers one.");
    }

    private static List<String> text(HostMatrix matrix, int columns) {
        return HostMatrixText.of(
                HostMatrixAnswer.of(matrix), new Screen(columns, Optional.empty(), false, false));
    }
}
