package xlctl.shell.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import xlctl.session.OwnKey;
import xlctl.shell.access.WrittenAccess;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;

/**
 * Where everything of a quickstart lies. The directory is also the home of the shell; what the
 * agents need is below {@code quickstart}, owned by the user they run as.
 */
record Layout(Path directory) {
    static final HostPort ZOOKEEPER = new HostPort(new HostName("127.0.1.1"), new Port(2181));
    static final Port AGENT_PORT = new Port(7422);
    static final Port SERVER_PORT = new Port(5432);
    static final Port POOLER_PORT = new Port(15432);
    static final HostName FIRST_COORDINATOR = new HostName("127.0.1.2");

    static ClusterName cluster(EngineKind engine) {
        return new ClusterName(engine + "-1");
    }

    /** The addresses of {@code examples/quickstart.xlctl}, in its order. */
    static List<HostName> hosts() {
        return IntStream.rangeClosed(1, 7)
                .mapToObj(last -> new HostName("127.0.1." + last))
                .toList();
    }

    /** Every address on which something of the quickstart listens. */
    static List<HostPort> addresses() {
        List<HostPort> addresses = new ArrayList<>(List.of(ZOOKEEPER));
        for (HostName host : hosts()) {
            addresses.add(new HostPort(host, AGENT_PORT));
            addresses.add(new HostPort(host, SERVER_PORT));
        }
        return addresses;
    }

    Path settings() {
        return directory.resolve("xlctl.yaml");
    }

    Path identity() {
        return directory.resolve("zookeeper-identity");
    }

    Path agentIdentity() {
        return directory.resolve("agent-identity");
    }

    Path sshKey() {
        return directory.resolve("ssh-key");
    }

    Path sshPublicKey() {
        return directory.resolve("ssh-key.pub");
    }

    Path passwordFile() {
        return directory.resolve("pgpass");
    }

    /** By which clients verify the servers; not there for a cluster without TLS. */
    Path authorityFile() {
        return directory.resolve("ca.crt");
    }

    Path serviceFile() {
        return directory.resolve("pg_service.conf");
    }

    /**
     * Everything that is not the home's: its presence marks a directory as made by the quickstart.
     */
    Path machinery() {
        return directory.resolve("quickstart");
    }

    Path program() {
        return machinery().resolve("program");
    }

    Path processes() {
        return machinery().resolve("processes");
    }

    /**
     * There once the example's commands have all succeeded: what is missing of its members after
     * that was removed by a person.
     */
    Path exampleDone() {
        return machinery().resolve("example-done");
    }

    Path zooKeeper() {
        return machinery().resolve("zookeeper");
    }

    Path agents() {
        return machinery().resolve("agents");
    }

    Path agent(HostName host) {
        return agents().resolve(host.value());
    }

    Path agentConfig(HostName host) {
        return agent(host).resolve("agent.yaml");
    }

    /**
     * Where a server listens for those on the host itself: the longest of its local sockets, which
     * with the real engines is the pooler's.
     */
    Path socket(EngineKind engine) {
        return agent(FIRST_COORDINATOR)
                .resolve("state/run")
                .resolve(
                        engine == EngineKind.POSTGRESQL
                                ? ".s.PGSQL." + SERVER_PORT
                                : ".s.PGPOOL." + POOLER_PORT);
    }

    /** What {@code --down} removes from the home; other files there are the operator's. */
    List<Path> homeFiles() {
        List<Path> files =
                new ArrayList<>(
                        List.of(
                                settings(),
                                identity(),
                                agentIdentity(),
                                sshKey(),
                                sshPublicKey(),
                                passwordFile(),
                                serviceFile(),
                                authorityFile()));
        OwnKey key = new OwnKey(sshKey());
        files.add(key.freshFile());
        files.add(key.formerFile());
        files.add(directory.resolve("history"));
        files.add(WrittenAccess.list(directory));
        return files;
    }
}
