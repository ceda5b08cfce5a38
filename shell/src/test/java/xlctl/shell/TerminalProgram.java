package xlctl.shell;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.store.OperationHeader;
import xlctl.topology.NodeKind;

/**
 * xlctl as {@link Main} starts it, on a cluster that {@link FakeCluster} plays: a change of the
 * node {@code slow} takes until it is cancelled, one of {@code stubborn} takes for ever, and
 * looking hangs as long as the home has a file {@code hang}.
 */
public final class TerminalProgram {
    private TerminalProgram() {}

    public static void main(String[] arguments) {
        FakeCluster cluster = new FakeCluster();
        cluster.hangingWhile = Optional.of(Path.of(System.getenv("XLCTL_HOME"), "hang"));
        cluster.view =
                withHostsAndAnOpenOperation(
                        Clusters.of(
                                Clusters.up(NodeKind.GTM, "gtm_m_1", "127.0.1.1"),
                                Clusters.up(NodeKind.COORDINATOR, "coord_m_1", "127.0.1.2"),
                                Clusters.up(NodeKind.DATANODE, "data_m_1", "127.0.1.3")));
        Interruption interruption = new Interruption(Duration.ofSeconds(2));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int exit =
                new Program(
                                System.getenv(),
                                System.in,
                                out,
                                err,
                                TerminalCheck.isTerminal(),
                                settings -> cluster,
                                interruption)
                        .run(arguments);
        System.exit(interruption.finished(exit));
    }

    /** The hosts of its members, away, and an operation that was left. */
    private static ClusterView withHostsAndAnOpenOperation(ClusterView of) {
        List<HostView> hosts =
                of.members().stream()
                        .map(
                                member ->
                                        new HostView(
                                                member.instance().host(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty()))
                        .toList();
        return new ClusterView(
                of.cluster(),
                of.topology(),
                of.members(),
                hosts,
                of.lock(),
                List.of(
                        new OperationHeader(
                                7,
                                "start all",
                                "somebody",
                                "somewhere",
                                Clusters.NOON,
                                OperationHeader.State.STUCK,
                                1,
                                Optional.empty(),
                                "")));
    }
}
