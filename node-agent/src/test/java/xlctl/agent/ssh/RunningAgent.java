package xlctl.agent.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.config.AgentConfig.OnTerminate;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;

/** An agent's SSH server on a free port of 127.0.0.1, with a key that may come in. */
final class RunningAgent implements AutoCloseable {
    static final String VERSION = "1.2.3";

    /** How a program ended and what it said. */
    record Ended(int exitCode, String out, String err) {}

    private final Path directory;
    private final AgentSshServer server;
    private final HostKey hostKey;

    private RunningAgent(Path directory, AgentSshServer server, HostKey hostKey) {
        this.directory = directory;
        this.server = server;
        this.hostKey = hostKey;
    }

    static RunningAgent start(Path directory, RequestHandler handler) throws IOException {
        return start(directory, handler, Keepalive.USUAL);
    }

    static RunningAgent start(Path directory, RequestHandler handler, Keepalive keepalive)
            throws IOException {
        Path key = makeKey(directory, "client");
        Files.writeString(
                directory.resolve("authorized_keys"),
                "# who may come in\n\n" + Files.readString(publicOf(key)));
        HostKey hostKey = HostKey.loadOrCreate(directory);
        AgentSshServer server =
                AgentSshServer.start(
                        config(directory, freePort()), VERSION, hostKey, handler, keepalive);
        RunningAgent agent = new RunningAgent(directory, server, hostKey);
        Files.writeString(
                agent.knownHosts(), "[127.0.0.1]:" + agent.port() + " " + hostKey.openSsh() + "\n");
        return agent;
    }

    static AgentConfig config(Path directory, int port) {
        return new AgentConfig(
                new ClusterName("postgresql-1"),
                new HostName("db-1"),
                new HostPort(new HostName("127.0.0.1"), new Port(port)),
                "127.0.0.1",
                directory,
                List.of(directory.resolve("data")),
                EngineKind.POSTGRESQL,
                Optional.empty(),
                "127.0.0.1:2181",
                directory.resolve("identity"),
                directory.resolve("authorized_keys"),
                OnTerminate.KEEP);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    static Path makeKey(Path directory, String name) throws IOException {
        Path key = directory.resolve(name);
        Ended ended =
                run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        if (ended.exitCode() != 0) {
            throw new IOException("ssh-keygen: " + ended.err());
        }
        return key;
    }

    static Path publicOf(Path key) {
        return key.resolveSibling(key.getFileName() + ".pub");
    }

    int port() {
        return server.address().getPort();
    }

    AgentSshServer server() {
        return server;
    }

    HostKey hostKey() {
        return hostKey;
    }

    Path key() {
        return directory.resolve("client");
    }

    Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    /** Runs the stock client with its defaults and these arguments, then host and words. */
    Ended ssh(List<String> options, String... words) throws IOException {
        return ssh(key(), options, words);
    }

    Ended ssh(Path key, List<String> options, String... words) throws IOException {
        return run(sshCommand(key, options, words));
    }

    List<String> sshCommand(Path key, List<String> options, String... words) {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-p", "" + port()));
        command.addAll(
                List.of("-i", key.toString(), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"));
        command.addAll(List.of("-o", "UserKnownHostsFile=" + knownHosts()));
        command.addAll(List.of("-o", "GlobalKnownHostsFile=none", "-o", "LogLevel=ERROR"));
        command.addAll(options);
        command.add("anybody@127.0.0.1");
        command.addAll(List.of(words));
        return command;
    }

    private static Ended run(List<String> command) throws IOException {
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
            return new Ended(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command + " ran", e);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
