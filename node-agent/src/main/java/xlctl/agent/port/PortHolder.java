package xlctl.agent.port;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who listens on a TCP port, as far as the kernel lets this user see it.
 *
 * @param process empty when it is another user's
 * @param words as people name it: {@code process 4711 (postgres)}
 */
public record PortHolder(Optional<Long> process, String words) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    @Override
    public String toString() {
        return words;
    }

    /**
     * The holder; empty when nobody listens there or on every address.
     *
     * @param address the wildcard address for a listener on any
     */
    public static Optional<PortHolder> find(InetAddress address, int port) {
        try {
            Map<String, String> sockets = new HashMap<>();
            for (String table : List.of("net/tcp", "net/tcp6")) {
                sockets.putAll(listening(PROC.resolve(table), address, port));
            }
            if (sockets.isEmpty()) {
                return Optional.empty();
            }
            return processWith(sockets.keySet())
                    .or(
                            () ->
                                    sockets.values().stream()
                                            .findFirst()
                                            .map(
                                                    user ->
                                                            new PortHolder(
                                                                    Optional.empty(),
                                                                    "a process of user " + user)));
        } catch (IOException unseen) {
            return Optional.empty();
        }
    }

    /** The sockets as processes have them, each with the number of its user. */
    private static Map<String, String> listening(Path table, InetAddress address, int port)
            throws IOException {
        Map<String, String> sockets = new HashMap<>();
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
                sockets.put("socket:[" + fields[INODE] + "]", fields[USER]);
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

    private static Optional<PortHolder> processWith(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(
                        PROC, path -> path.getFileName().toString().matches("[0-9]+"))) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    String pid = process.getFileName().toString();
                    String program = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(
                            new PortHolder(
                                    Optional.of(Long.valueOf(pid)),
                                    "process " + pid + " (" + program + ")"));
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
