package xlctl.store;

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
}
