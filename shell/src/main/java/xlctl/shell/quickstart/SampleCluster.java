package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import xlctl.controller.Controller;
import xlctl.controller.ControllerSettings;
import xlctl.controller.ExitCode;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.IdentityFile;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Topology;

/**
 * The cluster itself: its hosts registered, the example's commands run, and a way in for a person.
 */
final class SampleCluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EXAMPLE = "/xlctl/examples/quickstart.xlctl";

    private final Layout layout;
    private final Software software;
    private final ToIntFunction<String[]> xlctl;
    private final PrintWriter out;

    SampleCluster(
            Layout layout, Software software, ToIntFunction<String[]> xlctl, PrintWriter out) {
        this.layout = layout;
        this.software = software;
        this.xlctl = xlctl;
        this.out = out;
    }

    /** Makes what is missing of the cluster and shows it; answers whether all of it runs. */
    boolean show() throws IOException {
        Settings settings = Settings.read(new Home(layout.directory()), Map.of(), Map.of());
        ClusterView found;
        try (Controller controller = firstLook(settings.forController())) {
            register(controller);
            found = controller.look();
        }
        Set<NodeName> present = nodes(found);
        List<String> missing =
                Files.exists(layout.exampleDone()) && !present.isEmpty()
                        ? List.of()
                        : commandsFor(present);
        if (!missing.isEmpty()) {
            say("Running the commands of examples/quickstart.xlctl");
            Path script = Files.createTempFile(layout.machinery(), "commands", ".xlctl");
            try {
                Files.write(script, missing);
                run("-i", script.toString());
            } finally {
                Files.delete(script);
            }
        } else {
            say(
                    "The cluster "
                            + settings.cluster().orElseThrow()
                            + " is here already, with "
                            + present.size()
                            + " nodes");
        }
        Files.writeString(layout.exampleDone(), "");
        if (!found.members().stream().allMatch(MemberView::running)) {
            say("Starting what does not run");
            run("start", "all");
        }
        awaitHealth(settings);
        boolean healthy = xlctl("monitor", "all") == 0;
        ClientAccess access = new ClientAccess(layout, software);
        ClusterSecrets secrets = secrets(settings);
        access.write(secrets);
        showCatalog(access);
        showTable(access, settings);
        say("");
        say("Connect:         " + access.psql());
        if (secrets.authority().isPresent()) {
            say("CA certificate:  " + layout.authorityFile());
        }
        say("Open the shell:  " + program() + " --home " + ShellWord.of(layout.directory()));
        say("Take it down:    " + down());
        return healthy;
    }

    /** A ZooKeeper that starts beside seven agents is slow to answer on a busy machine. */
    private static Controller firstLook(ControllerSettings settings) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return Controller.open(settings);
            } catch (StoreException.Unreachable e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private void run(String... words) {
        if (xlctl(words) != 0) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED,
                    "the commands did not all succeed; run this again to go on, or take all of it down with:\n  "
                            + down());
        }
    }

    private int xlctl(String... words) {
        List<String> all = new ArrayList<>(List.of("--home", layout.directory().toString()));
        all.addAll(List.of(words));
        return xlctl.applyAsInt(all.toArray(String[]::new));
    }

    private static Set<NodeName> nodes(ClusterView view) {
        Optional<Topology> topology = view.topology().map(Versioned::value);
        return topology.map(
                        t ->
                                t.nodes().stream()
                                        .map(node -> node.name())
                                        .collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /**
     * Accepts each agent's key as it offers it: they are this quickstart's own, started a moment
     * ago.
     */
    private void register(Controller controller) {
        Set<HostName> waiting = new TreeSet<>(Layout.hosts());
        boolean all =
                Daemon.await(
                        () -> {
                            controller.hosts().stream()
                                    .filter(host -> host.presence().isPresent())
                                    .filter(host -> waiting.remove(host.host()))
                                    .filter(host -> host.record().isEmpty())
                                    .forEach(
                                            host ->
                                                    controller.acceptHost(
                                                            controller.offeredKey(
                                                                    host.host(),
                                                                    Optional.empty())));
                            return waiting.isEmpty() || someAgentEnded(waiting);
                        },
                        PATIENCE);
        if (!all || !waiting.isEmpty()) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    "these agents did not come up:\n"
                            + waiting.stream()
                                    .map(
                                            host ->
                                                    "  "
                                                            + host
                                                            + ": see "
                                                            + layout.agent(host)
                                                                    .resolve("agent.log"))
                                    .collect(Collectors.joining("\n")));
        }
    }

    private boolean someAgentEnded(Set<HostName> waiting) {
        return Machinery.agents(layout).stream()
                .filter(
                        agent ->
                                waiting.stream()
                                        .anyMatch(host -> agent.name().endsWith("-" + host)))
                .anyMatch(agent -> !agent.running());
    }

    /** The example's commands for nodes that are not there. */
    private static List<String> commandsFor(Set<NodeName> present) throws IOException {
        Set<String> names = present.stream().map(NodeName::value).collect(Collectors.toSet());
        try (var example = SampleCluster.class.getResourceAsStream(EXAMPLE)) {
            if (example == null) {
                throw new IOException("the program has no " + EXAMPLE);
            }
            return new String(example.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("add "))
                    .filter(line -> !names.contains(line.split("\\s+")[3]))
                    .toList();
        }
    }

    /** Servers that have just been started again need a moment. */
    private static void awaitHealth(Settings settings) {
        try (Controller controller = Controller.open(settings.forController())) {
            Daemon.await(
                    () -> controller.look().members().stream().allMatch(MemberView::healthy),
                    Duration.ofSeconds(30));
        }
    }

    private static ClusterSecrets secrets(ClusterStore store) {
        return store.secrets()
                .map(Versioned::value)
                .orElseThrow(
                        () ->
                                new QuickstartException(
                                        ExitCode.NOT_AS_ASKED,
                                        "the cluster has no passwords yet: it has no node"));
    }

    private static ClusterSecrets secrets(Settings settings) {
        var controller = settings.forController();
        try (ClusterStore store =
                new ClusterStore(
                        ZooKeeperRecordTree.connect(
                                controller.zooKeeper(),
                                IdentityFile.read(controller.identityFile()),
                                ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                                ZooKeeperRecordTree.DEFAULT_CONNECT_TIMEOUT),
                        controller.cluster())) {
            return secrets(store);
        }
    }

    private void showCatalog(ClientAccess access) {
        say("");
        say("SELECT * FROM pgxc_node;");
        ExternalProgram.Result result =
                ExternalProgram.run(
                        List.of(
                                software.psql(),
                                "-X",
                                "-P",
                                "pager=off",
                                "service=" + access.service(),
                                "-c",
                                "SELECT * FROM pgxc_node"),
                        access.environment());
        say(result.output().stripTrailing());
        if (result.exit() != 0) {
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED,
                    "the first coordinator does not answer as it should; see monitor all");
        }
    }

    /** Of the stock engine, whose SQL for the whole cluster is new to everybody. */
    private void showTable(ClientAccess access, Settings settings) {
        try (Controller controller = Controller.open(settings.forController())) {
            Optional<Topology> topology = controller.look().topology().map(Versioned::value);
            List<HostPort> coordinators = addresses(topology, NodeKind.COORDINATOR);
            if (software.kind() == EngineKind.POSTGRESQL
                    && !coordinators.isEmpty()
                    && !addresses(topology, NodeKind.DATANODE).isEmpty()) {
                HostPort another = coordinators.get(coordinators.size() - 1);
                new SampleTable(access, software.psql(), coordinators.get(0), another, out).show();
            }
        }
    }

    private static List<HostPort> addresses(Optional<Topology> topology, NodeKind kind) {
        return topology.stream()
                .flatMap(found -> found.nodes(kind).stream())
                .map(node -> node.instances().get(0).address())
                .toList();
    }

    private String down() {
        return program() + " quickstart --down --dir " + ShellWord.of(layout.directory());
    }

    private static String program() {
        return ShellWord.of(program("xlctl"));
    }

    private static Path program(String name) {
        return Path.of(System.getProperty("xlctl.program", "")).resolve("bin").resolve(name);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
