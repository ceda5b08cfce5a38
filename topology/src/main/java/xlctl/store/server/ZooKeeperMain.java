package xlctl.store.server;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;

/**
 * A ZooKeeper server as a process: {@code --data DIR --listen HOST:PORT}. It writes one line when
 * it is ready and ends on SIGTERM. Exit codes: 0 stopped, 1 the server gave up, 2 malformed, 3 the
 * address cannot be used, 4 the data directory is taken or cannot be used.
 */
public final class ZooKeeperMain {
    private static final String USAGE = "usage: --data DIR --listen HOST:PORT";

    private static final Logger LIBRARY = Logger.getLogger("org.apache.zookeeper");

    private ZooKeeperMain() {}

    public static void main(String[] arguments) {
        LIBRARY.setLevel(Level.WARNING);
        int code = run(arguments, System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        EmbeddedZooKeeper server;
        try {
            server = EmbeddedZooKeeper.start(settings(arguments));
        } catch (InvalidValueException e) {
            err.println("ERROR: " + e.getMessage());
            return 2;
        } catch (CannotStartException e) {
            err.println("ERROR: " + e.getMessage());
            return e.reason() == CannotStartException.Reason.ADDRESS_NOT_USABLE ? 3 : 4;
        }
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stop.countDown();
                                    server.close();
                                },
                                "zookeeper-stop"));
        out.println("ready on " + server.connectString());
        out.flush();
        return await(stop, server, err);
    }

    private static int await(CountDownLatch stop, EmbeddedZooKeeper server, PrintStream err) {
        try {
            while (!stop.await(1, TimeUnit.SECONDS)) {
                if (!server.running()) {
                    err.println("ERROR: the ZooKeeper server has given up; see the log");
                    return 1;
                }
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static EmbeddedZooKeeper.Settings settings(String[] arguments) {
        Optional<Path> data = Optional.empty();
        Optional<InetSocketAddress> listen = Optional.empty();
        for (int at = 0; at < arguments.length; at += 2) {
            if (at + 1 == arguments.length) {
                throw new InvalidValueException(arguments[at] + " has no value; " + USAGE);
            }
            switch (arguments[at]) {
                case "--data" -> data = Optional.of(path(arguments[at + 1]));
                case "--listen" -> listen = Optional.of(address(arguments[at + 1]));
                default ->
                        throw new InvalidValueException(
                                "\"" + arguments[at] + "\" is not known; " + USAGE);
            }
        }
        if (data.isEmpty() || listen.isEmpty()) {
            throw new InvalidValueException(
                    (data.isEmpty() ? "--data" : "--listen") + " is missing; " + USAGE);
        }
        return new EmbeddedZooKeeper.Settings(data.get(), listen.get());
    }

    private static Path path(String text) {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new InvalidValueException("--data: " + e.getMessage());
        }
    }

    private static InetSocketAddress address(String text) {
        HostPort wanted = HostPort.parse(text);
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(wanted.host().value()), wanted.port().value());
        } catch (UnknownHostException e) {
            throw new InvalidValueException(
                    "--listen: the host " + wanted.host() + " cannot be resolved");
        }
    }
}
