package xlctl.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A container on the network for clients, with the files of {@code access}. */
final class SwarmClient {
    private final SwarmCluster cluster;
    private final String container;

    SwarmClient(SwarmCluster cluster, String container) {
        this.cluster = cluster;
        this.container = container;
    }

    /**
     * @param control the container that has the files of access
     */
    void start(String control, String access) throws IOException, InterruptedException {
        DockerEngine engine = cluster.engine();
        engine.docker(
                        "run",
                        "--detach",
                        "--init",
                        "--name",
                        container,
                        "--network",
                        cluster.named("clients"),
                        "--env",
                        "PGSERVICEFILE=" + access + "/pg_service.conf",
                        "--env",
                        "PGPASSFILE=" + access + "/pgpass",
                        "--env",
                        "PGCONNECT_TIMEOUT=5",
                        "--entrypoint",
                        "sleep",
                        engine.image(),
                        "infinity")
                .exits(0);
        RunningProgram.start(
                        engine.work(),
                        engine.work(),
                        Map.of(),
                        List.of(
                                "bash",
                                "-c",
                                "set -o pipefail; docker exec \"$1\" tar -C /tmp -c \"$2\""
                                        + " | docker cp - \"$3:/tmp\"",
                                "access",
                                control,
                                access.substring("/tmp/".length()),
                                container))
                .end()
                .exits(0);
    }

    /** A program there. */
    Outcome run(String... words) throws IOException, InterruptedException {
        return cluster.engine()
                .docker(
                        Stream.concat(Stream.of("exec", container), Stream.of(words))
                                .toArray(String[]::new));
    }

    /** The same, at work. */
    RunningProgram start(String... words) throws IOException {
        return RunningProgram.start(
                cluster.engine().work(),
                cluster.engine().work(),
                Map.of(),
                Stream.concat(Stream.of("docker", "exec", container), Stream.of(words)).toList());
    }

    /**
     * @param service of the service file: the cluster's, or a coordinator's
     */
    Outcome psql(String service, String statement) throws IOException, InterruptedException {
        return run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, "service=" + service);
    }

    String sql(String service, String statement) throws IOException, InterruptedException {
        return psql(service, statement).exits(0).out().strip();
    }

    void close() throws IOException, InterruptedException {
        cluster.engine().docker("rm", "--force", "--volumes", container);
    }
}
