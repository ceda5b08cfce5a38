package xlctl.agent.engine.xl;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Port;

/** A GTM for tests of what needs one, started by hand. */
final class RunningGtm implements AutoCloseable {
    private static final String ADDRESS = "127.0.8.2";

    private final Process process;
    private final HostPort where;

    private RunningGtm(Process process, HostPort where) {
        this.process = process;
        this.where = where;
    }

    static RunningGtm start(Path home, Path directory) throws IOException {
        Files.createDirectories(directory);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            port = socket.getLocalPort();
        }
        Files.writeString(
                directory.resolve("gtm.conf"),
                "nodename = 'gtm_m_1'\nlisten_addresses = '"
                        + ADDRESS
                        + "'\nport = "
                        + port
                        + "\nstartup = ACT\n");
        Process process =
                new ProcessBuilder(
                                home.resolve("bin/gtm").toString(),
                                "-D",
                                directory.toString(),
                                "-x",
                                "2000")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("output").toFile())
                        .start();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(
                        () -> {
                            new Socket(ADDRESS, port).close();
                            return true;
                        });
        return new RunningGtm(process, new HostPort(new HostName(ADDRESS), new Port(port)));
    }

    GtmAddress address() {
        return new GtmAddress(new NodeName("gtm_m_1"), where, Optional.empty());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
