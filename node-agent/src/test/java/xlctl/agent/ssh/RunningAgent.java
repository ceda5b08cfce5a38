package xlctl.agent.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    private final Path directory;
    private final AgentSshServer server;
    private final HostKey hostKey;
    private final RequestHandler handler;

    private RunningAgent(
            Path directory, AgentSshServer server, HostKey hostKey, RequestHandler handler) {
        this.directory = directory;
        this.server = server;
        this.hostKey = hostKey;
        this.handler = handler;
    }

    static RunningAgent start(Path directory, RequestHandler handler) throws IOException {
        return start(directory, handler, Keepalive.USUAL);
    }

    static RunningAgent start(Path directory, RequestHandler handler, Keepalive keepalive)
            throws IOException {
        Path key = StockSsh.makeKey(directory, "client");
        Files.writeString(
                directory.resolve("authorized_keys"),
                "# who may come in\n\n" + Files.readString(StockSsh.publicOf(key)));
        HostKey hostKey = HostKey.loadOrCreate(directory);
        AgentConfig config = config(directory, StockSsh.freePort());
        AuthorizedKeys keys = new AuthorizedKeys(config.authorizedKeys());
        RequestHandler withKeys = new KeyRequests(keys, handler);
        AgentSshServer server =
                AgentSshServer.start(
                        config, config.listen(), VERSION, hostKey, keys, withKeys, keepalive);
        RunningAgent agent = new RunningAgent(directory, server, hostKey, withKeys);
        Files.writeString(
                agent.knownHosts(), "[127.0.0.1]:" + agent.port() + " " + hostKey.openSsh() + "\n");
        return agent;
    }

    static AgentConfig config(Path directory, int port) {
        return new AgentConfig(
                new ClusterName("postgresql-1"),
                new HostName("db-1"),
                new HostPort(new HostName("127.0.0.1"), new Port(port)),
                Optional.empty(),
                "127.0.0.1",
                directory,
                List.of(directory.resolve("data")),
                EngineKind.POSTGRESQL,
                Optional.empty(),
                "127.0.0.1:2181",
                directory.resolve("identity"),
                directory.resolve("authorized_keys"),
                OnTerminate.KEEP,
                Optional.empty(),
                List.of());
    }

    /** What is behind the server, with the keys that it lets in. */
    RequestHandler handler() {
        return handler;
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

    /** Runs the stock client with these options, then host and words. */
    StockSsh.Ended ssh(List<String> options, String... words) throws IOException {
        return ssh(key(), options, words);
    }

    StockSsh.Ended ssh(Path key, List<String> options, String... words) throws IOException {
        return StockSsh.run(StockSsh.command(key, knownHosts(), port(), options, words));
    }

    List<String> sshCommand(List<String> options, String... words) {
        return StockSsh.command(key(), knownHosts(), port(), options, words);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
