package xlctl.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A cluster of services in the Swarm of tests, with hands for what an operator or an accident does
 * to it.
 */
final class SwarmCluster implements AutoCloseable {
    static final List<String> KINDS = List.of("service", "network", "secret", "config", "volume");

    private static final Path TREE = QuickstartCluster.PROGRAM.getParent().getParent();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String OF_SERVICE = "label=com.docker.swarm.service.name=";

    private final DockerEngine engine;
    private final String name;
    private final List<SwarmClient> clients = new ArrayList<>();

    /** Nothing of it is there yet. */
    SwarmCluster(DockerEngine engine, String word) {
        this.engine = engine;
        this.name = "it-" + word + "-" + ProcessHandle.current().pid();
    }

    String name() {
        return name;
    }

    /** Of a Docker object. */
    String named(String part) {
        return name + "_" + part;
    }

    DockerEngine engine() {
        return engine;
    }

    /** {@code xlctl} on the manager's machine. */
    Outcome outside(String... words) throws IOException, InterruptedException {
        return run(
                Stream.concat(
                                Stream.of(
                                        QuickstartCluster.PROGRAM.toString(),
                                        "--home",
                                        engine.work().resolve("home").toString(),
                                        "--cluster",
                                        name),
                                Stream.of(words))
                        .toList());
    }

    /** A script of {@code swarm/}, with the cluster's name. */
    Outcome script(String script, String... words) throws IOException, InterruptedException {
        return run(
                Stream.concat(
                                Stream.of(TREE.resolve("swarm").resolve(script).toString(), name),
                                Stream.of(words))
                        .toList());
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        return RunningProgram.start(
                        engine.work(),
                        engine.work(),
                        Map.of("XLCTL_SWARM_IMAGE", engine.image()),
                        command)
                .end();
    }

    /** The cluster's shell, in the container of control; exit code 1 where that does not run. */
    Outcome xlctl(String... words) throws IOException, InterruptedException {
        return engine.docker(
                Stream.concat(Stream.of("exec", container("control"), "xlctl"), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** The same, at work. */
    RunningProgram start(String... words) throws IOException, InterruptedException {
        return program(
                Stream.concat(
                                Stream.of(
                                        "docker",
                                        "exec",
                                        "--interactive",
                                        container("control"),
                                        "xlctl"),
                                Stream.of(words))
                        .toList());
    }

    /** Lines of commands on the standard input of {@code swarm/shell}. */
    Outcome shell(String... lines) throws IOException, InterruptedException {
        RunningProgram shell = program(List.of(TREE.resolve("swarm/shell").toString(), name));
        for (String line : lines) {
            shell.type(line);
        }
        return shell.end();
    }

    private RunningProgram program(List<String> command) throws IOException {
        return RunningProgram.start(engine.work(), engine.work(), Map.of(), command);
    }

    /** A client on the network for clients, with what {@code access} wrote. */
    SwarmClient client() throws IOException, InterruptedException {
        String directory = "/tmp/access-" + clients.size();
        xlctl("access", directory).exits(0);
        SwarmClient client = new SwarmClient(this, named("client" + clients.size()));
        clients.add(client);
        client.start(container("control"), directory);
        return client;
    }

    /** The names of what bears the cluster's label. */
    List<String> labelled(String kind) throws IOException, InterruptedException {
        return engine.list(
                kind, "ls", "--filter", "label=xlctl.cluster=" + name, "--format", "{{.Name}}");
    }

    /** The running container of a service; a word that is no container's where there is none. */
    String container(String part) throws IOException, InterruptedException {
        return engine
                .list(
                        "ps",
                        "--quiet",
                        "--no-trunc",
                        "--filter",
                        OF_SERVICE + named(part),
                        "--filter",
                        "status=running")
                .stream()
                .findFirst()
                .orElse("no-container");
    }

    /** Of all services, those that ended included. */
    List<String> containers() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (String service : labelled("service")) {
            found.addAll(engine.list("ps", "--quiet", "--all", "--filter", OF_SERVICE + service));
        }
        return found;
    }

    /** A program in the container of a host. */
    Outcome in(String host, String... words) throws IOException, InterruptedException {
        return engine.docker(
                Stream.concat(Stream.of("exec", container(host)), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** On the server's local socket: see {@code postmaster.pid}. */
    String sqlOfSuperuser(String host, String directory, String statement)
            throws IOException, InterruptedException {
        return in(
                        host,
                        "bash",
                        "-c",
                        "exec psql -XqAt -v ON_ERROR_STOP=1 -U postgres -d postgres"
                                + " -h \"$(sed -n 5p \"$1/postmaster.pid\")\" -c \"$2\"",
                        "psql",
                        "/var/lib/xlctl/data/" + directory,
                        statement)
                .exits(0)
                .out()
                .strip();
    }

    /** SIGKILL to the shell in the container of control. */
    void killShell() throws IOException, InterruptedException {
        in(
                        "control",
                        "bash",
                        "-c",
                        "for process in /proc/[0-9]*; do"
                                + " [[ $(<\"$process/comm\") != java ]] ||"
                                + " kill -KILL \"${process#/proc/}\"; done")
                .exits(0);
    }

    /** Ends the task of a service; what its container left is gone, its volume stays. */
    void stopService(String part) throws IOException, InterruptedException {
        engine.docker("service", "scale", "--detach", named(part) + "=0").exits(0);
        awaitNoContainer(named(part));
    }

    void startService(String part) throws IOException, InterruptedException {
        engine.docker("service", "scale", "--detach", named(part) + "=1").exits(0);
        await().atMost(PATIENCE).until(() -> healthy(part));
    }

    /** All services; volumes, networks and keys stay. */
    void removeServices() throws IOException, InterruptedException {
        List<String> services = labelled("service");
        engine.docker(
                        Stream.concat(Stream.of("service", "rm"), services.stream())
                                .toArray(String[]::new))
                .exits(0);
        services.forEach(this::awaitNoContainer);
    }

    private void awaitNoContainer(String service) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            for (String ended : containers(service, "--filter", "status=exited")) {
                                engine.docker("rm", ended);
                            }
                            return containers(service).isEmpty();
                        });
    }

    private List<String> containers(String service, String... words)
            throws IOException, InterruptedException {
        return engine.list(
                Stream.concat(
                                Stream.of(
                                        "ps", "--quiet", "--all", "--filter", OF_SERVICE + service),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    /** What one volume has into another one, which is made where it is not there. */
    void copyVolume(String from, String to) throws IOException, InterruptedException {
        engine.docker(
                        "run",
                        "--rm",
                        "--user=0",
                        "--network=none",
                        "--volume=" + from + ":/from:ro",
                        "--volume=" + to + ":/to",
                        "--entrypoint=cp",
                        engine.image(),
                        "--archive",
                        "/from/.",
                        "/to")
                .exits(0);
    }

    /** SIGKILL to all containers at once. */
    void killAll() throws IOException, InterruptedException {
        engine.docker(
                        Stream.concat(Stream.of("kill"), runningContainers().stream())
                                .toArray(String[]::new))
                .exits(0);
    }

    private List<String> runningContainers() throws IOException, InterruptedException {
        List<String> running = new ArrayList<>();
        for (String service : labelled("service")) {
            running.add(container(service.substring(named("").length())));
        }
        return running;
    }

    /** SIGKILL to the container of a service; then waits until another one of it is healthy. */
    void kill(String part) throws IOException, InterruptedException {
        String killed = container(part);
        engine.docker("kill", killed).exits(0);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !container(part).equals(killed) && healthy(part));
    }

    boolean healthy(String part) throws IOException, InterruptedException {
        return engine.docker("inspect", "--format", "{{.State.Health.Status}}", container(part))
                .out()
                .strip()
                .equals("healthy");
    }

    /** The addresses of running containers in the cluster's network, by service. */
    Map<String, String> addresses() throws IOException, InterruptedException {
        Map<String, String> addresses = new TreeMap<>();
        for (String service : labelled("service")) {
            addresses.put(service, address(service.substring(named("").length())));
        }
        return addresses;
    }

    /** In the cluster's network. */
    String address(String part) throws IOException, InterruptedException {
        return engine.docker(
                        "inspect",
                        "--format",
                        "{{(index .NetworkSettings.Networks \""
                                + named("cluster")
                                + "\").IPAMConfig.IPv4Address}}",
                        container(part))
                .exits(0)
                .out()
                .strip();
    }

    /** Until every member runs, and is read and written through. */
    void awaitHealth() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> xlctl("monitor", "all", "--deep").exits(0));
    }

    /** Whatever a test left is taken away. */
    @Override
    public void close() {
        try {
            for (SwarmClient client : clients) {
                client.close();
            }
            outside("swarm", "down", "--yes").exits(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
