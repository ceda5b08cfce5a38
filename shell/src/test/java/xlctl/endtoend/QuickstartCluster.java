package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.shell.terminal.PseudoTerminal;
import xlctl.topology.EngineKind;

/** A quickstart in a private network, with hands for what an operator or an accident does to it. */
final class QuickstartCluster implements AutoCloseable {
    private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");
    static final Path PROGRAM = Path.of("").toAbsolutePath().resolveSibling("bin").resolve("xlctl");

    private final PrivateNetwork network;
    private final Path work;
    private final Path home;
    private final Optional<RealEngine> engine;

    private QuickstartCluster(PrivateNetwork network, Path work, Optional<RealEngine> engine) {
        this.network = network;
        this.work = work;
        this.home = work.resolve("home");
        this.engine = engine;
    }

    /** The words that add a datanode whose directory is called as it is. */
    static String[] datanode(String name, int host, int port) {
        return new String[] {
            "add",
            "datanode",
            "master",
            name,
            "127.0.1." + host,
            Integer.toString(port),
            "none",
            name,
            "none",
            "none",
            "none"
        };
    }

    /** Nothing of it is there yet. */
    static QuickstartCluster in(Path work) throws IOException {
        return new QuickstartCluster(PrivateNetwork.open(work), work, Optional.empty());
    }

    /** As {@link #in(Path)}, for a quickstart with this engine. */
    static QuickstartCluster in(Path work, RealEngine engine) throws IOException {
        return new QuickstartCluster(PrivateNetwork.open(work), work, Optional.of(engine));
    }

    PrivateNetwork network() {
        return network;
    }

    Path home() {
        return home;
    }

    /** A person's terminal in the source tree, whose home this is. */
    Outcome paste(String text) throws IOException, InterruptedException {
        return network.start(
                        PROGRAM.getParent().getParent(),
                        Map.of("XLCTL_HOME", home.toString()),
                        List.of("bash", "-ec", text))
                .end();
    }

    Outcome quickstart(String... options) throws IOException, InterruptedException {
        return run(
                Stream.concat(Stream.of("quickstart", "--dir", home.toString()), Stream.of(options))
                        .toList());
    }

    Outcome xlctl(String... words) throws IOException, InterruptedException {
        return start(words).end();
    }

    RunningProgram start(String... words) throws IOException {
        return program(
                Stream.concat(Stream.of("--home", home.toString()), Stream.of(words)).toList());
    }

    /** The shell, with a person before it. */
    PseudoTerminal terminal() throws IOException {
        return PseudoTerminal.start(
                Files.createTempDirectory(work, "t"),
                Map.of("HOME", work.toString(), "LC_ALL", "C.UTF-8"),
                network.inside(List.of(PROGRAM.toString(), "--home", home.toString())));
    }

    private Outcome run(List<String> words) throws IOException, InterruptedException {
        return program(words).end();
    }

    private RunningProgram program(List<String> words) throws IOException {
        return network.start(
                work,
                Map.of("HOME", work.toString()),
                Stream.concat(Stream.of(PROGRAM.toString()), words.stream()).toList());
    }

    /** A script of commands in the directory where the shell runs. */
    Outcome script(String... lines) throws IOException, InterruptedException {
        return xlctl("-i", file("script.xlctl", lines).toString());
    }

    Path file(String name, String... lines) throws IOException {
        return Files.write(work.resolve(name), List.of(lines));
    }

    /** A session of the printed role with the coordinator on this host; {@code words} as psql's. */
    RunningProgram psql(int host, String... words) throws IOException {
        return psql("host=127.0.1." + host, words);
    }

    private RunningProgram psql(String where, String... words) throws IOException {
        String service =
                engine.map(RealEngine::kind).map(EngineKind::word).orElse("postgresql") + "-1";
        return network.start(
                work,
                Map.of(
                        "PGSERVICEFILE",
                        home.resolve("pg_service.conf").toString(),
                        "PGPASSFILE",
                        home.resolve("pgpass").toString()),
                Stream.concat(
                                Stream.of(client(), "-XAt", "service=" + service + " " + where),
                                Stream.of(words))
                        .toList());
    }

    /** The psql of its engine. */
    String client() {
        return engine.map(found -> found.program("psql")).orElse("psql");
    }

    String sql(int host, String statement) throws IOException, InterruptedException {
        return psql(host, "-c", statement).end().exits(0).out().strip();
    }

    /**
     * As {@link #sql(int, String)}.
     *
     * @param where other words of a connection string than the service has
     */
    String sqlAt(String where, String statement) throws IOException, InterruptedException {
        return psql(where, "-c", statement).end().exits(0).out().strip();
    }

    /** As the superuser, on the server's local socket: see {@code postmaster.pid}. */
    String sqlOfSuperuser(Path dataDirectory, String statement)
            throws IOException, InterruptedException {
        List<String> postmaster = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
        return network.run(
                        client(),
                        "-XAt",
                        "-h",
                        postmaster.get(4),
                        "-p",
                        postmaster.get(3),
                        "-U",
                        "postgres",
                        "-d",
                        "postgres",
                        "-c",
                        statement)
                .exits(0)
                .out()
                .strip();
    }

    Path data(int host, String directory) {
        return home.resolve("quickstart/agents/127.0.1." + host + "/data/" + directory);
    }

    ProcessHandle server(int host, String directory) throws IOException {
        return running(
                Long.parseLong(
                        Files.readAllLines(data(host, directory).resolve("postmaster.pid"))
                                .get(0)
                                .strip()));
    }

    void killZooKeeper() throws IOException {
        kill(daemon("zookeeper"));
    }

    /** Kills it, and deletes all that it had. */
    void loseZooKeeper() throws IOException {
        killZooKeeper();
        List<Path> all;
        try (Stream<Path> files = Files.walk(home().resolve("quickstart/zookeeper"))) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    /** SIGSTOP: it answers nothing until {@link #thawZooKeeper}. */
    void freezeZooKeeper() throws IOException, InterruptedException {
        signal("-STOP", daemon("zookeeper"));
    }

    void thawZooKeeper() throws IOException, InterruptedException {
        signal("-CONT", daemon("zookeeper"));
    }

    /** SIGSTOP: it answers nothing until {@link #thawAgent}; its servers go on. */
    void freezeAgent(int host) throws IOException, InterruptedException {
        signal("-STOP", agent(host));
    }

    void thawAgent(int host) throws IOException, InterruptedException {
        signal("-CONT", agent(host));
    }

    /** SIGSTOP: its children go on. */
    void freeze(ProcessHandle process) throws IOException, InterruptedException {
        signal("-STOP", process);
    }

    void thaw(ProcessHandle process) throws IOException, InterruptedException {
        signal("-CONT", process);
    }

    private static void signal(String signal, ProcessHandle process)
            throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        assertThat(exit).as("kill " + signal + " " + process.pid()).isZero();
    }

    void killAgent(int host) {
        kill(agent(host));
    }

    /** By hand, not by the quickstart. */
    void startAgent(int host) throws IOException {
        network.start(
                work,
                Map.of(),
                List.of(
                        "setsid",
                        home.resolve("quickstart/program/bin/xlctl-agent").toString(),
                        "--config",
                        agentConfig(host)));
        await().until(() -> findAgent(host).isPresent());
    }

    private ProcessHandle agent(int host) {
        return findAgent(host)
                .orElseThrow(() -> new AssertionError("no agent runs on 127.0.1." + host));
    }

    /** However it was started. */
    private Optional<ProcessHandle> findAgent(int host) {
        return network.processes().stream()
                .filter(process -> words(process).contains(agentConfig(host)))
                .findFirst();
    }

    private String agentConfig(int host) {
        return home.resolve("quickstart/agents/127.0.1." + host + "/agent.yaml").toString();
    }

    /** Not from {@link ProcessHandle.Info}, which cuts a long command line off. */
    private static List<String> words(ProcessHandle process) {
        try {
            return List.of(
                    Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private ProcessHandle daemon(String name) throws IOException {
        String mark =
                Files.readString(home.resolve("quickstart/processes").resolve(name + ".json"));
        Matcher pid = PID.matcher(mark);
        assertThat(pid.find()).as(mark).isTrue();
        return running(Long.parseLong(pid.group(1)));
    }

    private static ProcessHandle running(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("process " + pid + " does not run"));
    }

    /** SIGKILL, and no longer in the network. */
    void kill(ProcessHandle process) {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !network.processes().contains(process));
    }

    /** The names in a coordinator's {@code pgxc_node}, with blanks between them. */
    String catalog(int host) throws IOException, InterruptedException {
        return sql(host, "SELECT string_agg(node_name, ' ' ORDER BY node_name) FROM pgxc_node");
    }

    void awaitCatalog(int host, String names) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(catalog(host)).isEqualTo(names));
    }

    /** Until every member runs and every catalog is as wanted. */
    void awaitHealth() {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> xlctl("monitor", "all").exits(0));
    }

    @Override
    public void close() {
        network.close();
    }
}
