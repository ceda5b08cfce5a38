package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.command.Targets;
import xlctl.shell.language.Statement.ShowConfig;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Role;

class ParserTest {
    private static final String FINGERPRINT = "SHA256:" + "a".repeat(43);

    private final Parser parser = new Parser(TextFiles.below(Path.of("")));

    static Stream<Arguments> right() {
        Target masters =
                new Target(Optional.of(NodeKind.DATANODE), Optional.of(Role.MASTER), List.of());
        return Stream.of(
                says("start all", change(new Command.Start(Target.ALL))),
                says("start gtm", change(new Command.Start(Targets.of(NodeKind.GTM)))),
                says(
                        "start gtm_proxy p1",
                        change(
                                new Command.Start(
                                        new Target(
                                                Optional.of(NodeKind.GTM_PROXY),
                                                Optional.empty(),
                                                names("p1"))))),
                says(
                        "kill gtm_proxy all",
                        change(new Command.Kill(Targets.of(NodeKind.GTM_PROXY)))),
                says("start gtm all", change(new Command.Start(Targets.of(NodeKind.GTM)))),
                says("start datanode master", change(new Command.Start(masters))),
                says("start datanode master all", change(new Command.Start(masters))),
                says(
                        "start datanode master d1 d2",
                        change(
                                new Command.Start(
                                        new Target(
                                                Optional.of(NodeKind.DATANODE),
                                                Optional.of(Role.MASTER),
                                                names("d1", "d2"))))),
                says(
                        "start coordinator c1",
                        change(
                                new Command.Start(
                                        new Target(
                                                Optional.of(NodeKind.COORDINATOR),
                                                Optional.empty(),
                                                names("c1"))))),
                says(
                        "start d1 c1",
                        change(
                                new Command.Start(
                                        new Target(
                                                Optional.empty(),
                                                Optional.empty(),
                                                names("d1", "c1"))))),
                says("stop all", change(new Command.Stop(Target.ALL, StopMode.FAST))),
                says(
                        "stop -m immediate all",
                        change(new Command.Stop(Target.ALL, StopMode.IMMEDIATE))),
                says("stop all -m SMART", change(new Command.Stop(Target.ALL, StopMode.SMART))),
                says(
                        "stop datanode master -m smart",
                        change(new Command.Stop(masters, StopMode.SMART))),
                says(
                        "stop d1 -m smart",
                        change(
                                new Command.Stop(
                                        Targets.named(new NodeName("d1")), StopMode.SMART))),
                says("kill datanode master", change(new Command.Kill(masters))),
                says("kill all", change(new Command.Kill(Target.ALL))),
                says("monitor all", new Statement.Monitor(Target.ALL, false)),
                says("monitor c1", new Statement.Monitor(Targets.named(new NodeName("c1")), false)),
                says(
                        "monitor gtm_proxy all",
                        new Statement.Monitor(Targets.of(NodeKind.GTM_PROXY), false)),
                says("monitor --deep all", new Statement.Monitor(Target.ALL, true)),
                says("monitor all --DEEP", new Statement.Monitor(Target.ALL, true)),
                says(
                        "monitor c1 --deep",
                        new Statement.Monitor(Targets.named(new NodeName("c1")), true)),
                says("reconnect gtm_proxy", reconnect()),
                says("reconnect gtm_proxy all", reconnect()),
                says("reconnect gtm_proxy p1 p2", reconnect("p1", "p2")),
                says("status", new Statement.Status()),
                says("show config all", new ShowConfig(new ShowConfig.Everything())),
                says("show configuration all", new ShowConfig(new ShowConfig.Everything())),
                says("show config basic", new ShowConfig(new ShowConfig.Common())),
                says(
                        "show config host a b",
                        new ShowConfig(
                                new ShowConfig.OfHosts(
                                        List.of(new HostName("a"), new HostName("b"))))),
                says(
                        "show config gtm",
                        new ShowConfig(new ShowConfig.Members(Targets.of(NodeKind.GTM)))),
                says("host list", new Statement.ListHosts()),
                says("host matrix", new Statement.HostMatrix()),
                says(
                        "host accept h1",
                        new Statement.AcceptHost(
                                new HostName("h1"), Optional.empty(), Optional.empty())),
                says(
                        "host accept h1 10.0.0.1:7422",
                        new Statement.AcceptHost(
                                new HostName("h1"),
                                Optional.of(HostPort.parse("10.0.0.1:7422")),
                                Optional.empty())),
                says(
                        "host accept h1 " + FINGERPRINT,
                        new Statement.AcceptHost(
                                new HostName("h1"), Optional.empty(), Optional.of(FINGERPRINT))),
                says(
                        "host accept h1 10.0.0.1:7422 " + FINGERPRINT,
                        new Statement.AcceptHost(
                                new HostName("h1"),
                                Optional.of(HostPort.parse("10.0.0.1:7422")),
                                Optional.of(FINGERPRINT))),
                says("operation list", new Statement.ListOperations()),
                says("operation show 12", new Statement.ShowOperation(12)),
                says("operation resume 12", new Statement.ResumeOperation(12, Set.of())),
                says("operation rollback 12", new Statement.RollbackOperation(12, Set.of())),
                says(
                        "operation resume 12 --lost h1",
                        new Statement.ResumeOperation(12, Set.of(new HostName("h1")))),
                says(
                        "operation rollback 12 --lost h1 h2",
                        new Statement.RollbackOperation(
                                12, Set.of(new HostName("h1"), new HostName("h2")))),
                says("history", new Statement.History()),
                says("config show", new Statement.ShowSettings()),
                says("help", new Statement.Help(List.of())),
                says("help ADD", new Statement.Help(List.of("ADD"))),
                says("quit", new Statement.Quit()),
                says("q", new Statement.Quit()),
                says("Exit", new Statement.Quit()));
    }

    @ParameterizedTest
    @MethodSource("right")
    void understands(String line, Statement statement) {
        assertThat(parser.parse(Line.read(line))).isEqualTo(new Parsed.Understood(statement));
    }

    @Test
    void findsNothingInABlankLine() {
        assertThat(parser.parse(Line.read("  # comment"))).isEqualTo(new Parsed.Nothing());
    }

    @Test
    void everyExampleOfTheTableIsUnderstood() {
        for (Form form : Grammar.FORMS) {
            assertThat(parser.parse(Line.read(form.example())))
                    .as(form.example())
                    .isInstanceOf(Parsed.Understood.class);
        }
    }

    private static Arguments says(String line, Statement statement) {
        return Arguments.of(line, statement);
    }

    private static Statement change(Command command) {
        return new Statement.Change(command);
    }

    private static Statement reconnect(String... names) {
        return change(
                new Command.Reconnect(
                        new Target(
                                Optional.of(NodeKind.GTM_PROXY), Optional.empty(), names(names))));
    }

    private static List<NodeName> names(String... names) {
        return Stream.of(names).map(NodeName::new).toList();
    }
}
