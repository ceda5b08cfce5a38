package xlctl.store;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three real ZooKeeper servers, each a process of its own on loopback, to be killed at will. */
public final class ZooKeeperEnsemble implements AutoCloseable {
    private static final int SERVERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final List<Integer> clientPorts;
    private final List<Optional<Process>> processes = new ArrayList<>();

    private ZooKeeperEnsemble(Path directory, List<Integer> clientPorts) {
        this.directory = directory;
        this.clientPorts = clientPorts;
    }

    /** Returns once one of them leads the others. */
    public static ZooKeeperEnsemble start(Path directory) throws IOException {
        List<Integer> ports = freePorts(3 * SERVERS);
        ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(directory, ports.subList(0, SERVERS));
        String peers =
                IntStream.range(0, SERVERS)
                        .mapToObj(
                                each ->
                                        "server.%d=127.0.0.1:%d:%d\n"
                                                .formatted(
                                                        each + 1,
                                                        ports.get(SERVERS + each),
                                                        ports.get(2 * SERVERS + each)))
                        .collect(Collectors.joining());
        for (int server = 0; server < SERVERS; server++) {
            Path data = Files.createDirectories(directory.resolve("server-" + server));
            Files.writeString(data.resolve("myid"), Integer.toString(server + 1));
            Files.writeString(
                    directory.resolve(server + ".cfg"),
                    """
                    tickTime=200
                    initLimit=50
                    syncLimit=25
                    minSessionTimeout=500
                    maxSessionTimeout=60000
                    4lw.commands.whitelist=srvr
                    clientPortAddress=127.0.0.1
                    clientPort=%d
                    dataDir=%s
                    """
                                    .formatted(ensemble.clientPorts.get(server), data)
                            + peers);
            ensemble.processes.add(Optional.empty());
        }
        ensemble.startAll();
        return ensemble;
    }

    public String connectString() {
        return clientPorts.stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    /** SIGKILL. */
    public void kill(int server) {
        processes.get(server).ifPresent(ZooKeeperEnsemble::end);
        processes.set(server, Optional.empty());
    }

    /** Which of them leads the others now. */
    public int leader() {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                IntStream.range(0, SERVERS)
                                        .filter(server -> mode(server).equals("leader"))
                                        .boxed()
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Those that were killed, with the data they had; returns once one leads. */
    public void startAll() throws IOException {
        for (int server = 0; server < SERVERS; server++) {
            if (processes.get(server).isEmpty()) {
                processes.set(server, Optional.of(start(server)));
            }
        }
        leader();
    }

    @Override
    public void close() {
        IntStream.range(0, SERVERS).forEach(this::kill);
    }

    private Process start(int server) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dzookeeper.admin.enableServer=false",
                        "-Dzookeeper.jmx.log4j.disable=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        directory.resolve(server + ".cfg").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(server + ".log").toFile())
                .start();
    }

    /** Empty while it has none. */
    private String mode(int server) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", clientPorts.get(server)), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static void end(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int port = 0; port < count; port++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
            }
            List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
