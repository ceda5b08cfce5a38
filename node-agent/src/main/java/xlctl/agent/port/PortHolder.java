package xlctl.agent.port;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The process that listens on a TCP port, as far as the kernel lets this user see it. */
public final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortHolder() {}

    /**
     * The holder as people name it, {@code process 4711 (postgres)}; empty when nobody listens
     * there or on every address, or when the process is of another user.
     *
     * @param address the wildcard address for a listener on any
     */
    public static Optional<String> find(InetAddress address, int port) {
        try {
            Set<String> sockets = new HashSet<>();
            for (String table : List.of("net/tcp", "net/tcp6")) {
                sockets.addAll(listening(PROC.resolve(table), address, port));
            }
            return sockets.isEmpty() ? Optional.empty() : processWith(sockets);
        } catch (IOException unseen) {
            return Optional.empty();
        }
    }

    private static Set<String> listening(Path table, InetAddress address, int port)
            throws IOException {
        Set<String> sockets = new HashSet<>();
        if (!Files.exists(table)) {
            return sockets;
        }
        String wantedAddress = kernelForm(address);
        String wantedPort = String.format(Locale.ROOT, "%04X", port);
        for (String line : Files.readAllLines(table)) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length <= INODE || !fields[STATE].equals(LISTENING)) {
                continue;
            }
            int colon = fields[LOCAL_ADDRESS].indexOf(':');
            String localAddress = fields[LOCAL_ADDRESS].substring(0, colon);
            boolean everyAddress = localAddress.chars().allMatch(digit -> digit == '0');
            // An IPv4 address of an IPv6 socket ends with the IPv4 address.
            if (fields[LOCAL_ADDRESS].substring(colon + 1).equals(wantedPort)
                    && (everyAddress
                            || address.isAnyLocalAddress()
                            || localAddress.endsWith(wantedAddress))) {
                sockets.add("socket:[" + fields[INODE] + "]");
            }
        }
        return sockets;
    }

    /** Words of four bytes, each in the order of this little-endian machine. */
    private static String kernelForm(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder hex = new StringBuilder();
        for (int word = 0; word < bytes.length; word += 4) {
            for (int i = 3; i >= 0; i--) {
                hex.append(String.format(Locale.ROOT, "%02X", bytes[word + i]));
            }
        }
        return hex.toString();
    }

    private static Optional<String> processWith(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(
                        PROC, path -> path.getFileName().toString().matches("[0-9]+"))) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of(
                            "process "
                                    + process.getFileName()
                                    + " ("
                                    + Files.readString(process.resolve("comm")).strip()
                                    + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrOfAnotherUser) {
            return false;
        }
    }
}
