package xlctl.agent;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** This machine's address in a network: a container's may be another one after each start. */
final class OwnAddress {
    private OwnAddress() {}

    static HostName in(Cidr network) throws StartRefusedException, SocketException {
        return in(
                network,
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .toList());
    }

    /**
     * @param mine all addresses of this machine
     * @throws StartRefusedException when none of them lies in the network, or several
     */
    static HostName in(Cidr network, Collection<InetAddress> mine) throws StartRefusedException {
        List<String> found =
                mine.stream()
                        .filter(Inet4Address.class::isInstance)
                        .map(Inet4Address.class::cast)
                        .filter(network::contains)
                        .map(InetAddress::getHostAddress)
                        .distinct()
                        .sorted()
                        .toList();
        if (found.size() == 1) {
            return new HostName(found.get(0));
        }
        throw new StartRefusedException(
                StartRefusedException.UNREACHABLE,
                found.isEmpty() ? none(network, mine) : several(network, found));
    }

    private static Problem none(Cidr network, Collection<InetAddress> mine) {
        return Problem.of(
                "this machine has no address in "
                        + network
                        + ", where the agent is to listen; it has "
                        + mine.stream()
                                .map(InetAddress::getHostAddress)
                                .sorted()
                                .collect(Collectors.joining(", ")),
                "attach it to that network, or set listen-network in the configuration to another");
    }

    private static Problem several(Cidr network, List<String> found) {
        return Problem.of(
                "this machine has several addresses in "
                        + network
                        + ", where the agent is to listen: "
                        + String.join(", ", found),
                "set listen in the configuration to one of them instead of listen-network");
    }
}
