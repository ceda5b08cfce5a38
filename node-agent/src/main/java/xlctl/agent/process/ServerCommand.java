package xlctl.agent.process;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a server is started. Nothing of the agent's own environment reaches it.
 *
 * @param arguments the program, as an absolute path, and its arguments; none of them secret
 * @param environment all of it; none of it secret
 * @param dataDirectory where the server works; its processes are known by it
 * @param output takes what the server writes before it has a log of its own; appended to
 */
public record ServerCommand(
        List<String> arguments, Map<String, String> environment, Path dataDirectory, Path output) {
    public ServerCommand {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        requireNonNull(dataDirectory, "dataDirectory is null");
        requireNonNull(output, "output is null");
    }

    public Path program() {
        return Path.of(arguments.get(0));
    }
}
