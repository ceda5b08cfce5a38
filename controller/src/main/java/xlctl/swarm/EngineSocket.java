package xlctl.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import xlctl.topology.Problem;

/**
 * The Unix socket of a Docker engine on this machine.
 *
 * @param group the number of the group that may use it
 */
record EngineSocket(Path path, int group) {
    private static final String SCHEME = "unix://";

    /** Where containers look for it. */
    static final String TARGET = "/var/run/docker.sock";

    /**
     * @throws DockerException when the engine is reached in another way, or the socket not seen
     *     here
     */
    static EngineSocket of(String endpoint) {
        if (!endpoint.startsWith(SCHEME)) {
            throw DockerException.refused(
                    "the Docker engine is reached at "
                            + endpoint
                            + ", but the control service is given the engine's Unix socket",
                    "do this on the manager's own machine, where DOCKER_HOST or the docker context"
                            + " is of the form "
                            + SCHEME
                            + "/var/run/docker.sock");
        }
        Path path = Path.of(endpoint.substring(SCHEME.length()));
        try {
            return new EngineSocket(path, (Integer) Files.getAttribute(path, "unix:gid"));
        } catch (IOException e) {
            throw new DockerException(
                    DockerException.Kind.REFUSED,
                    Problem.of(
                            "the Docker engine's socket " + path + " is not to be seen here: " + e,
                            "do this on the manager's own machine"));
        }
    }

    ServiceSpec.Bind bind() {
        return new ServiceSpec.Bind(path.toString(), TARGET);
    }
}
