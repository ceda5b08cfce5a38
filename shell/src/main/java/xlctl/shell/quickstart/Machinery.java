package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.controller.ExitCode;
import xlctl.shell.home.NewHome;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Networks;

/** The processes below the cluster: a ZooKeeper and one agent for each host, with their files. */
final class Machinery {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Every connection on loopback comes from 127.0.0.1, whatever address it goes to. */
    private static final Cidr LOOPBACK = new Cidr("127.0.0.0/8");

    private final Layout layout;
    private final UnprivilegedUser user;
    private final EngineKind engine;
    private final Path engineHome;
    private final PrintWriter out;

    Machinery(
            Layout layout,
            UnprivilegedUser user,
            EngineKind engine,
            Path engineHome,
            PrintWriter out) {
        this.layout = layout;
        this.user = user;
        this.engine = engine;
        this.engineHome = engineHome;
        this.out = out;
    }

    static Daemon zooKeeper(Layout layout) {
        return new Daemon(
                "zookeeper",
                layout.processes(),
                layout.zooKeeper().resolve("zookeeper.log"),
                dataOption(layout));
    }

    static List<Daemon> agents(Layout layout) {
        return Layout.hosts().stream().map(host -> agent(layout, host)).toList();
    }

    private static Daemon agent(Layout layout, HostName host) {
        return new Daemon(
                "agent-" + host,
                layout.processes(),
                layout.agent(host).resolve("agent.log"),
                configOption(layout, host));
    }

    private static List<String> dataOption(Layout layout) {
        return List.of("--data", layout.zooKeeper().resolve("data").toString());
    }

    private static List<String> configOption(Layout layout, HostName host) {
        return List.of("--config", layout.agentConfig(host).toString());
    }

    /** Makes every file that is not there. */
    void prepare() throws IOException {
        NewHome home =
                new NewHome(
                        layout.directory(),
                        Layout.cluster(engine),
                        Layout.ZOOKEEPER.toString(),
                        engine,
                        Networks.plain(List.of(LOOPBACK), List.of(LOOPBACK)));
        if (home.present().isEmpty()) {
            say("Making a home in " + layout.directory());
            home.create();
        }
        Files.createDirectories(layout.processes());
        copyProgram();
        for (HostName host : Layout.hosts()) {
            if (!Files.exists(layout.agentConfig(host))) {
                prepareAgent(host, home);
            }
        }
        if (!Files.isDirectory(layout.zooKeeper())) {
            Files.createDirectories(layout.zooKeeper());
            user.own(layout.zooKeeper());
        }
    }

    /** Starts what does not run, and waits until ZooKeeper answers. */
    void start() {
        user.requireReachable(layout.program(), "--dir");
        user.requireReachable(javaHome(), "JAVA_HOME");
        Daemon zooKeeper = zooKeeper(layout);
        if (!zooKeeper.running()) {
            say("Starting ZooKeeper on " + Layout.ZOOKEEPER);
            zooKeeper.start(user, zooKeeperCommand(), Map.of());
        }
        if (!Daemon.await(() -> !zooKeeper.running() || answers(), PATIENCE)
                || !zooKeeper.running()) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE, "ZooKeeper did not come up: " + zooKeeper.lastWords());
        }
        List<HostName> silent =
                Layout.hosts().stream().filter(host -> !agent(layout, host).running()).toList();
        if (!silent.isEmpty()) {
            say("Starting " + agentsOn(silent) + " as user " + user.name());
        }
        for (HostName host : silent) {
            agent(layout, host)
                    .start(
                            user,
                            Stream.concat(
                                            Stream.of(
                                                    layout.program()
                                                            .resolve("bin/xlctl-agent")
                                                            .toString()),
                                            configOption(layout, host).stream())
                                    .toList(),
                            Map.of("JAVA_HOME", javaHome().toString()));
        }
    }

    private static String agentsOn(List<HostName> silent) {
        return silent.equals(Layout.hosts())
                ? silent.size()
                        + " agents on "
                        + silent.get(0)
                        + " to "
                        + silent.get(silent.size() - 1)
                : "the agent on "
                        + silent.stream().map(HostName::value).collect(Collectors.joining(", "));
    }

    private List<String> zooKeeperCommand() {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                javaHome().resolve("bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                layout.program().resolve("lib/agent") + "/*",
                                "xlctl.store.server.ZooKeeperMain",
                                "--listen",
                                Layout.ZOOKEEPER.toString()));
        words.addAll(dataOption(layout));
        return words;
    }

    private static boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            Layout.ZOOKEEPER.host().value(), Layout.ZOOKEEPER.port().value()),
                    500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A copy that the agents' user can read, wherever this program lies, and that a new build
     * leaves alone.
     */
    private void copyProgram() throws IOException {
        if (Files.isDirectory(layout.program())) {
            return;
        }
        Path root = Path.of(System.getProperty("xlctl.program", "")).toAbsolutePath();
        Path installed = root.resolve("lib/agent");
        Path jars =
                Files.isDirectory(installed) ? installed : root.resolve("node-agent/target/lib");
        if (!Files.isDirectory(jars)) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    "the agent's program is neither in " + installed + " nor in " + jars);
        }
        Path copy = layout.machinery().resolve("program.new");
        user.makeDirectories(copy.resolve("bin"));
        user.makeDirectories(copy.resolve("lib/agent"));
        for (String script : List.of("xlctl-agent", "xlctl-learn", "launch.bash")) {
            copy(
                    root.resolve("bin").resolve(script),
                    copy.resolve("bin").resolve(script),
                    "rwxr-xr-x");
        }
        try (Stream<Path> all = Files.list(jars)) {
            for (Path jar : (Iterable<Path>) all::iterator) {
                copy(jar, copy.resolve("lib/agent").resolve(jar.getFileName()), "rw-r--r--");
            }
        }
        Files.deleteIfExists(copy.resolve("lib/agent/classes.jsa")); // It fits its own place only.
        Files.move(copy, layout.program(), StandardCopyOption.ATOMIC_MOVE);
        learn();
    }

    /** The agents start faster and share memory; without it they run all the same. */
    private void learn() {
        ExternalProgram.Result result =
                ExternalProgram.run(
                        List.of(layout.program().resolve("bin/xlctl-learn").toString()),
                        Map.of("JAVA_HOME", javaHome().toString()));
        if (result.exit() != 0) {
            say("The agents start slower than they could: " + result.output().strip());
        }
    }

    private static void copy(Path from, Path to, String permissions) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(permissions));
    }

    private void prepareAgent(HostName host, NewHome home) throws IOException {
        Path directory = layout.agent(host);
        user.makeDirectories(directory);
        Path identity = directory.resolve("zookeeper-identity");
        Files.copy(
                home.agentIdentity(),
                identity,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(
                home.sshPublicKey(),
                directory.resolve("authorized_keys"),
                StandardCopyOption.REPLACE_EXISTING);
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "cluster: " + Layout.cluster(engine),
                                "host: " + host,
                                "state: state",
                                "data-roots: [data]",
                                "engine: " + engine,
                                "engine-home: " + quoted(engineHome),
                                "zookeeper: " + Layout.ZOOKEEPER,
                                "zookeeper-identity: zookeeper-identity",
                                "authorized-keys: authorized_keys"));
        Files.write(layout.agentConfig(host), lines);
        user.own(directory);
    }

    /** As YAML takes any path. */
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
