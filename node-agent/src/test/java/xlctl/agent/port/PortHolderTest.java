package xlctl.agent.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortHolderTest {
    @Test
    void namesTheProcessThatListensOnAnAddress() throws IOException {
        InetAddress address = InetAddress.getByName("127.0.9.1");
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            assertThat(PortHolder.find(address, socket.getLocalPort()))
                    .contains(
                            new PortHolder(
                                    Optional.of(ProcessHandle.current().pid()),
                                    "process " + ProcessHandle.current().pid() + " (java)"));
            assertThat(PortHolder.find(InetAddress.getByName("127.0.9.2"), socket.getLocalPort()))
                    .as("who listens on another address of this host")
                    .isEmpty();
            assertThat(PortHolder.find(InetAddress.getByName("0.0.0.0"), socket.getLocalPort()))
                    .as("who keeps others from listening on every address")
                    .isPresent();
        }
    }

    @Test
    void findsNobodyOnAFreePort() throws IOException {
        InetAddress address = InetAddress.getByName("127.0.9.1");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            port = socket.getLocalPort();
        }
        assertThat(PortHolder.find(address, port)).isEmpty();
    }
}
