package xlctl.agent.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import xlctl.topology.Problem;

/** Whether a server could listen on a port now, and who does if not. */
final class PortProbe {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";

    private PortProbe() {}

    static Optional<Problem> problem(String listen, int port) {
        for (String address : listen.split(",")) {
            String host = address.strip();
            boolean any = host.equals("*") || host.equals("0.0.0.0");
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(
                        any
                                ? new InetSocketAddress(port)
                                : new InetSocketAddress(InetAddress.getByName(host), port));
            } catch (BindException e) {
                return Optional.of(taken(host, port, e));
            } catch (IOException e) {
                return Optional.of(
                        Problem.of(
                                "this host cannot listen on " + host + ": " + e.getMessage(),
                                "correct server-listen in the agent's configuration"));
            }
        }
        return Optional.empty();
    }

    private static Problem taken(String host, int port, BindException e) {
        if (!String.valueOf(e.getMessage()).contains("in use")) {
            return Problem.of(
                    "this host cannot listen on " + host + ":" + port + ": " + e.getMessage(),
                    "correct server-listen in the agent's configuration, or choose another port");
        }
        return Problem.of(
                "port " + port + " on " + host + " is in use" + owner(port).orElse(""),
                "choose another port, or stop what listens there");
    }

    /** Who listens on a port, as far as this user may know. */
    private static Optional<String> owner(int port) {
        for (String table : new String[] {"net/tcp", "net/tcp6"}) {
            try {
                for (String line : Files.readAllLines(PROC.resolve(table))) {
                    String[] fields = line.strip().split("\\s+");
                    if (fields.length > 9
                            && fields[1].endsWith(String.format(":%04X", port))
                            && fields[3].equals(LISTENING)) {
                        return processWith("socket:[" + fields[9] + "]");
                    }
                }
            } catch (IOException noSuchTable) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> processWith(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String command = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(
                            " by process " + process.getFileName() + " (" + command + ")");
                }
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
        return Optional.of(" by a process of another user");
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException goneOrOfAnotherUser) {
            return false;
        }
        return false;
    }
}
