package xlctl.agent.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import xlctl.agent.api.Protocol;
import xlctl.agent.config.AgentConfig.OnTerminate;
import xlctl.text.Quoted;
import xlctl.text.TextFile;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;
import xlctl.yaml.YamlException;
import xlctl.yaml.YamlMapping;

/**
 * Reads the agent's configuration file. {@code examples/agent.yaml} shows every key; what may be
 * left out is:
 *
 * <ul>
 *   <li>{@code listen}: the host, port 7422; {@code listen-network}, in its stead: this machine's
 *       address in that network, port 7422
 *   <li>{@code server-listen}: the host, as the other members reach it; {@code *} only where it is
 *       written
 *   <li>{@code engine}: postgresql; {@code engine-home}: found by itself
 *   <li>{@code on-terminate}: keep
 *   <li>{@code place}: not known
 *   <li>{@code certificate-names}: none
 * </ul>
 *
 * A path is absolute or relative to the file's directory.
 */
public final class AgentConfigFile {
    private AgentConfigFile() {}

    /**
     * @throws YamlException with everything that is wrong in the file, each at its line and column
     * @throws IOException when the file cannot be read
     */
    public static AgentConfig read(Path file) throws IOException {
        YamlMapping yaml = YamlMapping.read(TextFile.read(file), file.toString());
        Path directory = file.toAbsolutePath().normalize().getParent();
        Function<String, Path> path = text -> path(directory, text);

        Optional<ClusterName> cluster = yaml.required("cluster", ClusterName::new);
        Optional<HostName> host = yaml.required("host", HostName::new);
        Optional<HostPort> listen = yaml.optional("listen", HostPort::parse);
        Optional<Cidr> listenNetwork = yaml.optional("listen-network", Cidr::new);
        if (yaml.has("listen") && yaml.has("listen-network")) {
            yaml.problem(
                    "listen-network",
                    "listen-network: listen says already where the agent listens; leave one out");
        }
        Optional<String> serverListen =
                yaml.optional("server-listen", AgentConfigFile::serverListen);
        Optional<Path> state = yaml.required("state", path);
        List<Path> dataRoots = yaml.list("data-roots", path);
        if (!yaml.has("data-roots")) {
            yaml.problem("data-roots", "\"data-roots\" is missing");
        } else if (dataRoots.isEmpty()) {
            yaml.problem("data-roots", "data-roots: at least one directory is needed");
        }
        Optional<EngineKind> engine = yaml.optional("engine", EngineKind::parse);
        Optional<Path> engineHome = yaml.optional("engine-home", path);
        Optional<String> zooKeeper = yaml.required("zookeeper", AgentConfigFile::servers);
        Optional<Path> identity = yaml.required("zookeeper-identity", path);
        Optional<Path> authorizedKeys = yaml.required("authorized-keys", path);
        Optional<OnTerminate> onTerminate =
                yaml.optional("on-terminate", AgentConfigFile::onTerminate);
        Optional<String> place = yaml.optional("place", AgentConfigFile::place);
        List<HostName> names = yaml.list("certificate-names", HostName::new);
        yaml.requireNoProblems();

        return new AgentConfig(
                cluster.get(),
                host.get(),
                listen.orElseGet(() -> new HostPort(host.get(), Protocol.DEFAULT_PORT)),
                listenNetwork,
                serverListen.orElseGet(() -> host.get().value()),
                state.get(),
                dataRoots,
                engine.orElse(EngineKind.POSTGRESQL),
                engineHome,
                zooKeeper.get(),
                identity.get(),
                authorizedKeys.get(),
                onTerminate.orElse(OnTerminate.KEEP),
                place,
                names);
    }

    private static Path path(Path directory, String text) {
        try {
            return directory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidValueException(Quoted.of(text) + " is not a path: " + e.getReason());
        }
    }

    private static String serverListen(String text) {
        return text.equals("*") ? text : new HostName(text).value();
    }

    /** A connect string without a path: the cluster's records are always below {@code /xlctl}. */
    private static String servers(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(server -> HostPort.parse(server.strip()).toString())
                .collect(Collectors.joining(","));
    }

    private static String place(String text) {
        if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("a place is the name of a machine");
        }
        return text;
    }

    private static OnTerminate onTerminate(String text) {
        switch (text) {
            case "keep":
                return OnTerminate.KEEP;
            case "stop":
                return OnTerminate.STOP;
            default:
                throw new InvalidValueException(Quoted.of(text) + " is neither keep nor stop");
        }
    }
}
