package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.topology.Directory;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;

/** The nodes and services that add and remove are understood to mean. */
class AddAndRemoveStatementsTest {
    private static final OperatorFile EXTRA = new OperatorFile("extra.conf", "work_mem = 8MB\n");

    private final Parser parser =
            new Parser(
                    name -> {
                        if (name.equals(EXTRA.name())) {
                            return EXTRA.text();
                        }
                        throw new InvalidValueException("no file " + name);
                    });

    static Stream<Arguments> right() {
        return Stream.of(
                says("add gtm master gtm_m_1 127.0.1.1 5432 gtm", add(gtm())),
                says("ADD Gtm MASTER gtm_m_1 127.0.1.1 5432 'gtm' # the first", add(gtm())),
                says(
                        "add coordinator master c1 Host-1 5432 15432 coord none NONE",
                        add(
                                node(
                                        NodeKind.COORDINATOR,
                                        "c1",
                                        Optional.of(15432),
                                        "coord",
                                        OperatorFile.NONE))),
                says(
                        "add coordinator master c1 host-1 5432 None /d/c extra.conf extra.conf",
                        add(node(NodeKind.COORDINATOR, "c1", Optional.empty(), "/d/c", EXTRA))),
                says(
                        "add datanode master d1 host-1 5432 15432 data wal none extra.conf",
                        add(
                                new Node(
                                        new NodeName("d1"),
                                        NodeKind.DATANODE,
                                        OperatorFile.NONE,
                                        EXTRA,
                                        List.of(
                                                instance(
                                                        "d1",
                                                        Optional.of(15432),
                                                        "data",
                                                        "wal"))))),
                says(
                        "add datanode master d1 host-1 5432 15432 data none none none",
                        add(
                                node(
                                        NodeKind.DATANODE,
                                        "d1",
                                        Optional.of(15432),
                                        "data",
                                        OperatorFile.NONE))),
                says(
                        "add coordinator master all_1 host-1 5432 15432 master none none",
                        add(
                                node(
                                        NodeKind.COORDINATOR,
                                        "all_1",
                                        Optional.of(15432),
                                        "master",
                                        OperatorFile.NONE))),
                says(
                        "add gtm master gtm_m_1 127.0.1.1 5432 gtm --swarm",
                        add(gtm(), ServiceWish.ANYWHERE)),
                says(
                        "add gtm_proxy p1 host-1 5432 pxy --on db-1",
                        add(proxy(OperatorFile.NONE), wish("db-1", 0))),
                says(
                        "add gtm_proxy p1 host-1 5432 pxy none --swarm --on db-1",
                        add(proxy(OperatorFile.NONE), wish("db-1", 0))),
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
                                        OperatorFile.NONE),
                                wish("", 6432, "node.role==worker", "node.labels.disk != hdd"))),
                says("add gtm_proxy p1 host-1 5432 pxy", add(proxy(OperatorFile.NONE))),
                says("add gtm_proxy p1 host-1 5432 pxy none", add(proxy(OperatorFile.NONE))),
                says("add gtm_proxy p1 host-1 5432 pxy extra.conf", add(proxy(EXTRA))),
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
                        remove(NodeKind.DATANODE, "clean", Disposal.KEEP)));
    }

    @ParameterizedTest
    @MethodSource("right")
    void understands(String line, Statement statement) {
        assertThat(parser.parse(Line.read(line))).isEqualTo(new Parsed.Understood(statement));
    }

    private static Arguments says(String line, Statement statement) {
        return Arguments.of(line, statement);
    }

    private static Statement add(Node node, ServiceWish service) {
        return change(new Command.AddNode(node, Optional.of(service)));
    }

    private static Statement add(Node node) {
        return change(new Command.AddNode(node));
    }

    private static ServiceWish wish(String node, int published, String... constraints) {
        return new ServiceWish(
                Optional.of(node).filter(name -> !name.isEmpty()),
                List.of(constraints),
                Optional.of(published).filter(port -> port > 0).map(Port::new));
    }

    private static Statement remove(NodeKind kind, String name, Disposal disposal) {
        return change(
                new Command.RemoveNode(
                        kind,
                        Optional.of(name).filter(text -> !text.isEmpty()).map(NodeName::new),
                        disposal));
    }

    private static Statement change(Command command) {
        return new Statement.Change(command);
    }

    private static Node proxy(OperatorFile conf) {
        return new Node(
                new NodeName("p1"),
                NodeKind.GTM_PROXY,
                conf,
                OperatorFile.NONE,
                List.of(instance("p1", Optional.empty(), "pxy", "")));
    }

    private static Node gtm() {
        return new Node(
                new NodeName("gtm_m_1"),
                NodeKind.GTM,
                OperatorFile.NONE,
                OperatorFile.NONE,
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
            OperatorFile file) {
        return new Node(
                new NodeName(name),
                kind,
                file,
                file,
                List.of(instance(name, pooler, directory, "")));
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
}
