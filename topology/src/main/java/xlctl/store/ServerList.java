package xlctl.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;

/** The ZooKeeper servers of an ensemble, {@code HOST:PORT,...}. */
final class ServerList {
    private ServerList() {}

    static void requireValid(String servers) {
        for (String server : servers.split(",", -1)) {
            try {
                HostPort.parse(server);
            } catch (InvalidValueException e) {
                throw new InvalidValueException(
                        "\""
                                + servers
                                + "\" is not a list of ZooKeeper servers, HOST:PORT,...: "
                                + e.getMessage());
            }
        }
    }

    /** Those whose names have no address now; the others are enough. */
    static List<String> unresolved(String servers) {
        return Stream.of(servers.split(","))
                .filter(server -> !resolves(HostPort.parse(server).host().value()))
                .toList();
    }

    private static boolean resolves(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
