package xlctl.agent.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own programs, told nothing but what a test says. */
public final class StockSsh {
    /** How a program ended and what it said. */
    public record Ended(int exitCode, String out, String err) {}

    private StockSsh() {}

    /** Makes a key pair without a passphrase. */
    public static Path makeKey(Path directory, String name) throws IOException {
        Path key = directory.resolve(name);
        Ended ended =
                run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        if (ended.exitCode() != 0) {
            throw new IOException("ssh-keygen: " + ended.err());
        }
        return key;
    }

    public static Path publicOf(Path key) {
        return key.resolveSibling(key.getFileName() + ".pub");
    }

    /** The client's command line to a port of 127.0.0.1. */
    public static List<String> command(
            Path key, Path knownHosts, int port, List<String> options, String... words) {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-p", "" + port));
        command.addAll(List.of("-i", key.toString(), "-o", "IdentitiesOnly=yes"));
        command.addAll(List.of("-o", "BatchMode=yes", "-o", "LogLevel=ERROR"));
        command.addAll(List.of("-o", "UserKnownHostsFile=" + knownHosts));
        command.addAll(List.of("-o", "GlobalKnownHostsFile=none"));
        command.addAll(options);
        command.add("anybody@127.0.0.1");
        command.addAll(List.of(words));
        return command;
    }

    /** Runs a program to its end, without input. */
    public static Ended run(List<String> command) throws IOException {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end within 20 s");
            }
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command + " ran", e);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** A port of 127.0.0.1 that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
