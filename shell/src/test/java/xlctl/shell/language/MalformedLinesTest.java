package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.topology.InvalidValueException;

/** What is said of lines that are not understood, and where it points. */
class MalformedLinesTest {
    private final Parser parser =
            new Parser(
                    name -> {
                        throw new InvalidValueException("no file " + name);
                    });

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

    private static Arguments refused(String line, String... expected) {
        return Arguments.of(line, List.of(expected));
    }
}
