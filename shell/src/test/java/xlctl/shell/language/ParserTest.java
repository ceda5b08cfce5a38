package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.command.Target;
import xlctl.shell.language.Statement.ShowConfig;
import xlctl.topology.Directory;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Port;
import xlctl.topology.Role;

class ParserTest {
    private static final String FINGERPRINT = "SHA256:" + "a".repeat(43);

    private final Parser parser =
            new Parser(
                    name -> {
                        if (name.equals("extra.conf")) {
                            return "work_mem = 8MB\n";
                        }
                        throw new InvalidValueException("no file " + name);
                    });

    static Stream<Arguments> right() {
        Target masters =
                new Target(Optional.of(NodeKind.DATANODE), Optional.of(Role.MASTER), List.of());
        return Stream.of(
                says("add gtm master gtm_m_1 127.0.1.1 5432 gtm", add(gtm())),
                says("ADD Gtm MASTER gtm_m_1 127.0.1.1 5432 'gtm' # the first", add(gtm())),
                says(
                        "add coordinator master c1 Host-1 5432 15432 coord none NONE",
                        add(node(NodeKind.COORDINATOR, "c1", Optional.of(15432), "coord", "", ""))),
                says(
                        "add coordinator master c1 host-1 5432 None /d/c extra.conf extra.conf",
                        add(
                                node(
                                        NodeKind.COORDINATOR,
                                        "c1",
                                        Optional.empty(),
                                        "/d/c",
                                        "",
                                        "work_mem = 8MB\n"))),
                says(
                        "add datanode master d1 host-1 5432 15432 data wal none extra.conf",
                        add(
                                new Node(
                                        new NodeName("d1"),
                                        NodeKind.DATANODE,
                                        "",
                                        "work_mem = 8MB\n",
                                        List.of(
                                                instance(
                                                        "d1",
                                                        Optional.of(15432),
                                                        "data",
                                                        "wal"))))),
                says(
                        "add datanode master d1 host-1 5432 15432 data none none none",
                        add(node(NodeKind.DATANODE, "d1", Optional.of(15432), "data", "", ""))),
                says(
                        "add coordinator master all_1 host-1 5432 15432 master none none",
                        add(
                                node(
                                        NodeKind.COORDINATOR,
                                        "all_1",
                                        Optional.of(15432),
                                        "master",
                                        "",
                                        ""))),
                says(
                        "add gtm master gtm_m_1 127.0.1.1 5432 gtm --swarm",
                        add(gtm(), ServiceWish.ANYWHERE)),
                says("add gtm_proxy p1 host-1 5432 pxy --on db-1", add(proxy(""), wish("db-1", 0))),
                says(
                        "add gtm_proxy p1 host-1 5432 pxy none --swarm --on db-1",
                        add(proxy(""), wish("db-1", 0))),
                says(
                        "add coordinator master all_1 host-1 5432 15432 master none none"
                                + " --constraint node.role==worker --publish 6432 --SWARM"
                                + " --constraint 'node.labels.disk != hdd'",
                        add(
                                node(
                                        NodeKind.COORDINATOR,
                                        "all_1",
                                        Optional.of(15432),
                                        "master",
                                        "",
                                        ""),
                                wish("", 6432, "node.role==worker", "node.labels.disk != hdd"))),
                says("add gtm_proxy p1 host-1 5432 pxy", add(proxy(""))),
                says("add gtm_proxy p1 host-1 5432 pxy none", add(proxy(""))),
                says("add gtm_proxy p1 host-1 5432 pxy extra.conf", add(proxy("work_mem = 8MB\n"))),
                says("remove gtm_proxy p1", remove(NodeKind.GTM_PROXY, "p1", Disposal.KEEP)),
                says("remove gtm_proxy p1 clean", remove(NodeKind.GTM_PROXY, "p1", Disposal.ERASE)),
                says("remove gtm master", remove(NodeKind.GTM, "", Disposal.KEEP)),
                says("remove gtm master clean", remove(NodeKind.GTM, "", Disposal.ERASE)),
                says(
                        "remove coordinator master c1",
                        remove(NodeKind.COORDINATOR, "c1", Disposal.KEEP)),
                says(
                        "remove datanode master d1 CLEAN",
                        remove(NodeKind.DATANODE, "d1", Disposal.ERASE)),
                says(
                        "remove datanode master clean",
                        remove(NodeKind.DATANODE, "clean", Disposal.KEEP)),
                says("start all", change(new Command.Start(Target.ALL))),
                says("start gtm", change(new Command.Start(Target.of(NodeKind.GTM)))),
                says(
                        "start gtm_proxy p1",
                        change(
                                new Command.Start(
                                        new Target(
                                                Optional.of(NodeKind.GTM_PROXY),
                                                Optional.empty(),
                                                names("p1"))))),
                says("kill gtm_proxy all", change(new Command.Kill(Target.of(NodeKind.GTM_PROXY)))),
                says("start gtm all", change(new Command.Start(Target.of(NodeKind.GTM)))),
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
                        change(new Command.Stop(Target.named(new NodeName("d1")), StopMode.SMART))),
                says("kill datanode master", change(new Command.Kill(masters))),
                says("kill all", change(new Command.Kill(Target.ALL))),
                says("monitor all", new Statement.Monitor(Target.ALL, false)),
                says("monitor c1", new Statement.Monitor(Target.named(new NodeName("c1")), false)),
                says(
                        "monitor gtm_proxy all",
                        new Statement.Monitor(Target.of(NodeKind.GTM_PROXY), false)),
                says("monitor --deep all", new Statement.Monitor(Target.ALL, true)),
                says("monitor all --DEEP", new Statement.Monitor(Target.ALL, true)),
                says(
                        "monitor c1 --deep",
                        new Statement.Monitor(Target.named(new NodeName("c1")), true)),
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
                        new ShowConfig(new ShowConfig.Members(Target.of(NodeKind.GTM)))),
                says("host list", new Statement.ListHosts()),
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
                says("operation resume 12", new Statement.ResumeOperation(12)),
                says("operation rollback 12", new Statement.RollbackOperation(12)),
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

    static Stream<Arguments> wrong() {
        return Stream.of(
                refused(
                        "mointor all",
                        "x: \"mointor\" is not a command: did you mean \"monitor\"?",
                        "  mointor all",
                        "  ^~~~~~~"),
                refused(
                        "ls -l",
                        "x: \"ls\" is not a command: help lists the commands",
                        "  ls -l",
                        "  ^~"),
                refused(
                        "add",
                        "x: the command ends too early: expected \"gtm\", \"gtm_proxy\", \"coordinator\" or \"datanode\"",
                        "  add",
                        "      ^",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]",
                        "usage: add gtm_proxy NAME HOST PORT DIR [CONF] [SERVICE]",
                        "usage: add coordinator master NAME HOST PORT POOLER DIR CONF HBA [SERVICE]",
                        "usage: add datanode master NAME HOST PORT POOLER DIR WALDIR CONF HBA [SERVICE]"),
                refused(
                        "add gtm mastr x",
                        "x: expected \"master\", found \"mastr\": did you mean \"master\"?",
                        "  add gtm mastr x",
                        "          ^~~~~",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "add gtm master 1x h 99999",
                        "x: the command ends too early: expected DIR"
                                + " (the data directory: absolute, or below the agent's first data root)",
                        "  add gtm master 1x h 99999",
                        "                            ^",
                        "x: NAME: \"1x\" is not a node name: a letter or '_', then letters, digits or '_',"
                                + " at most 63, as in coord_m_1",
                        "  add gtm master 1x h 99999",
                        "                 ^~",
                        "x: PORT: 99999 is not a port: 1 to 65535",
                        "  add gtm master 1x h 99999",
                        "                      ^~~~~",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "add gtm master g h 1 d extra",
                        "x: expected \"--swarm\", \"--on\", \"--constraint\", \"--publish\" or the end of the"
                                + " command, found \"extra\"",
                        "  add gtm master g h 1 d extra",
                        "                         ^~~~~",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "add gtm master g h 1 d --swarm --on n_1! --swarm",
                        "x: expected \"--constraint\", \"--publish\" or the end of the command, found"
                                + " \"--swarm\": it is there already",
                        "  add gtm master g h 1 d --swarm --on n_1! --swarm",
                        "                                           ^~~~~~~",
                        "x: SWARM_NODE: \"n_1!\" is not a hostname, as docker node ls shows them",
                        "  add gtm master g h 1 d --swarm --on n_1! --swarm",
                        "                                      ^~~~",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "add gtm master g h 1 d --constraint ssd --publish 0",
                        "x: EXPR: \"ssd\" is not a constraint: NAME==VALUE or NAME!=VALUE, as in"
                                + " node.labels.disk==ssd",
                        "  add gtm master g h 1 d --constraint ssd --publish 0",
                        "                                      ^~~",
                        "x: OUTSIDE: 0 is not a port: 1 to 65535",
                        "  add gtm master g h 1 d --constraint ssd --publish 0",
                        "                                                    ^",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "add coordinator master c h 1 2 ~/c missing none",
                        "x: DIR: \"~/c\" is not a directory that can be used: nothing expands '~' or '$' here;"
                                + " write it out",
                        "  add coordinator master c h 1 2 ~/c missing none",
                        "                                 ^~~",
                        "x: CONF: no file missing; 'none' stands for no file",
                        "  add coordinator master c h 1 2 ~/c missing none",
                        "                                     ^~~~~~~",
                        "usage: add coordinator master NAME HOST PORT POOLER DIR CONF HBA [SERVICE]"),
                refused(
                        "add coordinator master c h 1 1 d none none",
                        "x: the pooler port of c.1 is its server port, 1",
                        "  add coordinator master c h 1 1 d none none",
                        "  ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"),
                refused(
                        "add gtm slave g h 1 d",
                        "x: \"slave\" is a word of pgxc_ctl that this version of xlctl does not have:"
                                + " nodes have a master only",
                        "  add gtm slave g h 1 d",
                        "          ^~~~~",
                        "usage: add gtm master NAME HOST PORT DIR [SERVICE]"),
                refused(
                        "reconnect all",
                        "x: expected \"gtm_proxy\", found \"all\"",
                        "  reconnect all",
                        "            ^~~",
                        "usage: reconnect gtm_proxy [all | NAME...]"),
                refused(
                        "stop -m fats all",
                        "x: expected \"smart\", \"fast\" or \"immediate\", found \"fats\": did you mean \"fast\"?",
                        "  stop -m fats all",
                        "          ^~~~",
                        "usage: stop (-m MODE TARGET | TARGET [-m MODE])"),
                refused(
                        "monitor",
                        "x: the command ends too early:"
                                + " expected \"--deep\", \"all\", \"gtm\", \"gtm_proxy\", \"coordinator\","
                                + " \"datanode\" or NAME",
                        "  monitor",
                        "          ^",
                        "usage: monitor (--deep TARGET | TARGET [--deep]) [--watch [INTERVAL]] [--output FORMAT]"),
                refused(
                        "monitor all --dry-run",
                        "x: expected \"--deep\", \"--watch\", \"--output\" or the end of the command, found \"--dry-run\":"
                                + " the options of xlctl stand before the words",
                        "  monitor all --dry-run",
                        "              ^~~~~~~~~",
                        "usage: monitor (--deep TARGET | TARGET [--deep]) [--watch [INTERVAL]] [--output FORMAT]"),
                refused(
                        "monitor all --deep --deep",
                        "x: expected \"--watch\", \"--output\" or the end of the command, found \"--deep\": it is there already",
                        "  monitor all --deep --deep",
                        "                     ^~~~~~",
                        "usage: monitor (--deep TARGET | TARGET [--deep]) [--watch [INTERVAL]] [--output FORMAT]"),
                refused(
                        "status --dry-run",
                        "x: expected \"--watch\", \"--output\" or the end of the command, found"
                                + " \"--dry-run\": the options of xlctl stand before the words",
                        "  status --dry-run",
                        "         ^~~~~~~~~",
                        "usage: status [--watch [INTERVAL]] [--output FORMAT]"),
                refused(
                        "remove gtm\tmastr",
                        "x: expected \"master\", found \"mastr\": did you mean \"master\"?",
                        "  remove gtm\tmastr",
                        "            \t^~~~~",
                        "usage: remove gtm master [clean]"),
                refused(
                        "operation show x",
                        "x: N: \"x\" is not the number of an operation: 1, 2, ... as operation list shows them",
                        "  operation show x",
                        "                 ^",
                        "usage: operation show N [--output FORMAT]"),
                refused(
                        "host accept h SHA256:short",
                        "x: FINGERPRINT: \"SHA256:short\" is not a fingerprint: SHA256: and 43 characters,"
                                + " as ssh-keygen -l prints it",
                        "  host accept h SHA256:short",
                        "                ^~~~~~~~~~~~",
                        "usage: host accept HOST [ADDRESS:PORT] [FINGERPRINT]"),
                refused(
                        "show config",
                        "x: the command ends too early: expected \"basic\", \"host\", \"all\", \"gtm\","
                                + " \"gtm_proxy\", \"coordinator\", \"datanode\" or NAME",
                        "  show config",
                        "              ^",
                        "usage: show config (basic | host HOST... | TARGET) [--output FORMAT]"),
                refused(
                        "\"monitor all\"",
                        "x: \"monitor all\" is not a command:"
                                + " give the words of a command one by one, not as one argument",
                        "  \"monitor all\"",
                        "  ^~~~~~~~~~~~~"),
                refused("add 'x", "x: this quote is not closed on its line", "  add 'x", "      ^"),
                refused(
                        "add a\u001b[31m",
                        "x: this word has a control character in it",
                        "  add a?[31m",
                        "      ^~~~~~"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrongAndWhere(String line, List<String> expected) {
        Parsed parsed = parser.parse(Line.read(line));

        assertThat(parsed)
                .isInstanceOfSatisfying(
                        Parsed.Malformed.class,
                        malformed -> assertThat(malformed.lines("x")).isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init all",
                "clean all",
                "failover gtm",
                "deploy all",
                "prepare config empty",
                "configure",
                "unregister x",
                "set a b",
                "log msg x",
                "Createdb x --encoding UTF8",
                "echo x",
                "cd x",
                "ssh x",
                "test x",
                "show variable all",
                "show var x",
                "add coordinator slave c",
                "add datanode slave d",
                "remove gtm slave",
                "remove coordinator slave c",
                "start coordinator slave",
                "stop gtm slave",
                "kill datanode slave d1"
            })
    void namesWhatPgxcCtlHadAndThisVersionDoesNot(String line) {
        assertThat(parser.parse(Line.read(line)))
                .isInstanceOfSatisfying(
                        Parsed.Malformed.class,
                        malformed ->
                                assertThat(malformed.lines("x").get(0))
                                        .contains(
                                                "is a word of pgxc_ctl that this version of xlctl does not have: "));
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

    private static Arguments refused(String line, String... expected) {
        return Arguments.of(line, List.of(expected));
    }

    private static Statement change(Command command) {
        return new Statement.Change(command);
    }

    private static Statement add(Node node, ServiceWish service) {
        return change(new Command.AddNode(node, Optional.of(service)));
    }

    private static ServiceWish wish(String node, int published, String... constraints) {
        return new ServiceWish(
                Optional.of(node).filter(name -> !name.isEmpty()),
                List.of(constraints),
                Optional.of(published).filter(port -> port > 0).map(Port::new));
    }

    private static Statement add(Node node) {
        return change(new Command.AddNode(node));
    }

    private static Statement remove(NodeKind kind, String name, Disposal disposal) {
        return change(
                new Command.RemoveNode(
                        kind,
                        Optional.of(name).filter(text -> !text.isEmpty()).map(NodeName::new),
                        disposal));
    }

    private static Statement reconnect(String... names) {
        return change(
                new Command.Reconnect(
                        new Target(
                                Optional.of(NodeKind.GTM_PROXY), Optional.empty(), names(names))));
    }

    private static Node proxy(String conf) {
        return new Node(
                new NodeName("p1"),
                NodeKind.GTM_PROXY,
                conf,
                "",
                List.of(instance("p1", Optional.empty(), "pxy", "")));
    }

    private static Node gtm() {
        return new Node(
                new NodeName("gtm_m_1"),
                NodeKind.GTM,
                "",
                "",
                List.of(
                        new Instance(
                                InstanceName.parse("gtm_m_1.1"),
                                new HostName("127.0.1.1"),
                                new Port(5432),
                                Optional.empty(),
                                new Directory("gtm"),
                                Optional.empty())));
    }

    private static Node node(
            NodeKind kind,
            String name,
            Optional<Integer> pooler,
            String directory,
            String wal,
            String text) {
        return new Node(
                new NodeName(name),
                kind,
                text,
                text,
                List.of(instance(name, pooler, directory, wal)));
    }

    private static Instance instance(
            String name, Optional<Integer> pooler, String directory, String wal) {
        return new Instance(
                InstanceName.parse(name + ".1"),
                new HostName("host-1"),
                new Port(5432),
                pooler.map(Port::new),
                new Directory(directory),
                Optional.of(wal).filter(text -> !text.isEmpty()).map(Directory::new));
    }

    private static List<NodeName> names(String... names) {
        return Stream.of(names).map(NodeName::new).toList();
    }
}
