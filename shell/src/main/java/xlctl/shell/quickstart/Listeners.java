package xlctl.shell.quickstart;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.controller.ExitCode;
import xlctl.topology.HostPort;

/** Whether someone else already listens where the quickstart must. */
final class Listeners {
    private Listeners() {}

    /**
     * Refuses with every address that is taken, and by which process as far as that may be seen.
     */
    static void requireFree(List<HostPort> addresses) {
        List<String> taken = new ArrayList<>();
        for (HostPort address : addresses) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(
                        new InetSocketAddress(
                                InetAddress.getByName(address.host().value()),
                                address.port().value()));
            } catch (BindException e) {
                taken.add(
                        address
                                + holder(address.port().value())
                                        .map(who -> " by " + who)
                                        .orElse(""));
            } catch (IOException e) {
                taken.add(address + ": " + e.getMessage());
            }
        }
        if (!taken.isEmpty()) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "these addresses are needed and taken:\n  "
                            + String.join("\n  ", taken)
                            + "\nstop what listens there; nothing was changed");
        }
    }

    private static Optional<String> holder(int port) {
        return socketInode(port).flatMap(Listeners::processWith);
    }

    /**
     * The inode of a listening socket on this port: fields 2, 4 and 10 of a line of /proc/net/tcp,
     * see proc(5).
     */
    private static Optional<String> socketInode(int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                Optional<String> inode =
                        lines.map(line -> line.strip().split("\\s+"))
                                .filter(
                                        fields ->
                                                fields.length > 9
                                                        && fields[1].endsWith(suffix)
                                                        && fields[3].equals("0A"))
                                .map(fields -> fields[9])
                                .findFirst();
                if (inode.isPresent()) {
                    return inode;
                }
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> processWith(String inode) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), "socket:[" + inode + "]"))
                .findFirst()
                .map(
                        process ->
                                "process "
                                        + process.pid()
                                        + process.info()
                                                .command()
                                                .map(path -> ", " + path)
                                                .orElse(""));
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
