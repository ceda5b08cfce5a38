package xlctl.agent.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeState;
import xlctl.topology.ServerRole;
import xlctl.topology.Topology;

/**
 * Run in a network namespace of its own: a coordinator and a datanode on one side of a cable, and
 * on the other logins from an address in the cluster's network, one in the clients' and one in
 * neither. Prints who got in from where.
 */
final class NetworkScenario {
    static final String SERVER = "10.9.0.1";
    static final String CLUSTER = "10.9.1.1";
    static final String CLIENT = "10.9.2.1";
    static final String STRANGER = "10.9.3.1";
    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("10.9.1.0/24")), List.of(new Cidr("10.9.2.0/24")));

    private NetworkScenario() {}

    /** Takes the directory to work in; or {@code logins} and the ports, on the other side. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("logins")) {
            logIn(List.of(arguments).subList(1, arguments.length), System.out);
        } else {
            play(Path.of(arguments[0]), System.out);
        }
    }

    private static void play(Path directory, PrintStream out) throws Exception {
        run("ip", "link", "set", "lo", "up");
        Process otherSide =
                new ProcessBuilder("unshare", "--net", "cat")
                        .redirectOutput(ProcessBuilder.Redirect.PIPE)
                        .start();
        try {
            // It answers once it is in its own namespace.
            try (Writer ping = writer(otherSide)) {
                ping.write("here\n");
                ping.flush();
                if (reader(otherSide).readLine() == null) {
                    throw new IOException("no second network namespace");
                }
                connect(Long.toString(otherSide.pid()));
                serve(directory, otherSide.pid(), out);
            }
        } finally {
            otherSide.destroy();
        }
    }

    private static void connect(String otherSide) throws Exception {
        run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
        run("ip", "link", "set", "veth1", "netns", otherSide);
        run("ip", "addr", "add", SERVER + "/16", "dev", "veth0");
        run("ip", "link", "set", "veth0", "up");
        for (String address : List.of(CLUSTER, CLIENT, STRANGER)) {
            run(
                    "nsenter",
                    "-t",
                    otherSide,
                    "-n",
                    "ip",
                    "addr",
                    "add",
                    address + "/16",
                    "dev",
                    "veth1");
        }
        run("nsenter", "-t", otherSide, "-n", "ip", "link", "set", "veth1", "up");
    }

    private static void serve(Path directory, long otherSide, PrintStream out) throws Exception {
        Node coordinator = node(NodeKind.COORDINATOR, "coord_m_1");
        Node datanode = node(NodeKind.DATANODE, "data_m_1");
        InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
        try (ClusterStore store =
                        new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
                TestHost host =
                        new TestHost(
                                directory,
                                SERVER,
                                () ->
                                        new ClusterStore(
                                                server.connect(Party.AGENT), TestHost.CLUSTER))) {
            store.prepare();
            for (Node node : List.of(coordinator, datanode)) {
                TestHost.mustBeDone(host.prepare(host.spec(node, NETWORKS)));
                TestHost.mustBeDone(host.start(node));
            }
            store.change()
                    .createTopology(
                            Topology.empty(TestHost.CLUSTER, EngineKind.POSTGRESQL, NETWORKS)
                                    .with(coordinator)
                                    .with(datanode))
                    .createNodeState(state(coordinator))
                    .createNodeState(state(datanode))
                    .commit();
            host.await(0);
            askFromTheOtherSide(otherSide, List.of(coordinator, datanode), out);
        }
    }

    private static void askFromTheOtherSide(long otherSide, List<Node> nodes, PrintStream out)
            throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "-t",
                                Long.toString(otherSide),
                                "-n",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                NetworkScenario.class.getName(),
                                "logins"));
        nodes.forEach(node -> command.add(node.name() + ":" + node.instances().get(0).port()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (Writer passwords = writer(process)) {
            for (ServerRole role : ServerRole.values()) {
                passwords.write(TestSecrets.PASSWORDS.get(role).reveal() + "\n");
            }
        }
        reader(process).lines().forEach(out::println);
        if (process.waitFor() != 0) {
            throw new IOException("the logins could not be tried");
        }
    }

    private static void logIn(List<String> nodes, PrintStream out) throws IOException {
        BufferedReader passwords =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (ServerRole role : ServerRole.values()) {
            String password = passwords.readLine();
            for (String node : nodes) {
                for (String source : List.of(CLUSTER, CLIENT, STRANGER)) {
                    String[] parts = node.split(":");
                    out.println(
                            parts[0]
                                    + " "
                                    + role.roleName()
                                    + " "
                                    + source
                                    + " "
                                    + outcome(parts[1], role, password, source));
                }
            }
        }
    }

    private static String outcome(String port, ServerRole role, String password, String source) {
        Properties properties = new Properties();
        properties.setProperty("user", role.roleName());
        properties.setProperty("password", password);
        properties.setProperty("localSocketAddress", source);
        properties.setProperty("connectTimeout", "5");
        String url = "jdbc:postgresql://" + SERVER + ":" + port + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            return connection.isValid(5) ? "in" : "broken";
        } catch (SQLException e) {
            // Refused by its rules, before any password was looked at.
            return "28000".equals(e.getSQLState()) ? "refused" : String.valueOf(e.getMessage());
        }
    }

    private static NodeState state(Node node) {
        return NodeState.first(TestHost.name(node), Instant.EPOCH, "test");
    }

    private static Node node(NodeKind kind, String name) throws IOException {
        return TestHost.node(kind, name, SERVER, TestHost.freePort(SERVER), name);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static Writer writer(Process process) {
        return new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
