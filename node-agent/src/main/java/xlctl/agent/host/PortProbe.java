package xlctl.agent.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import xlctl.agent.port.PortHolder;
import xlctl.topology.Problem;

/** Whether a server could listen on a port now, and who does if not. */
final class PortProbe {
    private PortProbe() {}

    static Optional<Problem> problem(String listen, int port) {
        for (String address : listen.split(",")) {
            String host = address.strip();
            try (ServerSocket socket = new ServerSocket()) {
                InetAddress bound = InetAddress.getByName(host.equals("*") ? "0.0.0.0" : host);
                socket.setReuseAddress(true);
                try {
                    socket.bind(new InetSocketAddress(bound, port));
                } catch (BindException e) {
                    return Optional.of(taken(bound, host, port, e));
                }
            } catch (IOException e) {
                return Optional.of(
                        Problem.of(
                                "this host cannot listen on " + host + ": " + e.getMessage(),
                                "correct server-listen in the agent's configuration"));
            }
        }
        return Optional.empty();
    }

    private static Problem taken(InetAddress bound, String host, int port, BindException e) {
        if (!String.valueOf(e.getMessage()).contains("in use")) {
            return Problem.of(
                    "this host cannot listen on " + host + ":" + port + ": " + e.getMessage(),
                    "correct server-listen in the agent's configuration, or choose another port");
        }
        return Problem.of(
                "port "
                        + port
                        + " on "
                        + host
                        + " is in use"
                        + PortHolder.find(bound, port).map(PortProbe::by).orElse(""),
                "choose another port, or stop what listens there");
    }

    private static String by(PortHolder holder) {
        return " by "
                + holder
                + holder.process()
                        .flatMap(InstanceMark::ofProcess)
                        .map(owner -> ", the server of " + owner)
                        .orElse("");
    }
}
