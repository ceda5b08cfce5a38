package xlctl.store;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.topology.HostPort;

/** What is found of a ZooKeeper server that did not answer as one, for people. */
final class ServerCheck {
    private static final Duration CONNECT = Duration.ofMillis(800);
    private static final Duration WHOLE = Duration.ofSeconds(1);

    private ServerCheck() {}

    /** All of them at the same time; takes a second at most. */
    static String of(String servers) {
        List<CompletableFuture<String>> found =
                Stream.of(servers.split(",")).map(ServerCheck::begun).toList();
        return found.stream().map(CompletableFuture::join).collect(Collectors.joining("; "));
    }

    private static CompletableFuture<String> begun(String server) {
        CompletableFuture<InetAddress> resolved = new CompletableFuture<>();
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread checking =
                new Thread(() -> found.complete(check(server, resolved)), "store-check-" + server);
        checking.setDaemon(true);
        checking.start();
        return found.completeOnTimeout("", WHOLE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(
                        words ->
                                words.isEmpty()
                                        ? (resolved.isDone()
                                                ? server + " is silent"
                                                : "for the address of "
                                                        + server
                                                        + " the name service does not answer")
                                        : words);
    }

    private static String check(String server, CompletableFuture<InetAddress> resolved) {
        HostPort place = HostPort.parse(server);
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(place.host().value());
            resolved.complete(address);
            socket.connect(
                    new InetSocketAddress(address, place.port().value()),
                    Math.toIntExact(CONNECT.toMillis()));
            return server + " takes connections and does not answer as a ZooKeeper server";
        } catch (UnknownHostException e) {
            return "the name " + place.host() + " has no address";
        } catch (SocketTimeoutException e) {
            return server + " is silent";
        } catch (ConnectException e) {
            return "nothing listens at " + server;
        } catch (IOException e) {
            return server + ": " + e.getMessage();
        }
    }
}
