package xlctl.agent.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/**
 * The settings of one agent. All paths are absolute.
 *
 * @param host the name under which the cluster knows this host
 * @param listen where the agent's SSH server is reached, and where it listens unless a network says
 *     so
 * @param listenNetwork it listens on this machine's one address in it, found at each start
 * @param serverListen the address the database servers listen on; never {@code *} unless set so
 * @param stateDirectory the agent's own files: its record of instances, its host key, their secrets
 *     and logs
 * @param dataRoots where data directories may lie; a relative one is under the first
 * @param engineHome the directory whose {@code bin} has the server's programs; found by itself when
 *     empty
 * @param zooKeeper the connect string
 * @param identityFile the agent's ZooKeeper identity, mode 0600
 * @param authorizedKeys the public keys of controllers, in OpenSSH's form
 * @param place the machine this host runs on, for a host that is a container
 * @param names more names and addresses by which clients reach the servers here
 */
public record AgentConfig(
        ClusterName cluster,
        HostName host,
        HostPort listen,
        Optional<Cidr> listenNetwork,
        String serverListen,
        Path stateDirectory,
        List<Path> dataRoots,
        EngineKind engine,
        Optional<Path> engineHome,
        String zooKeeper,
        Path identityFile,
        Path authorizedKeys,
        OnTerminate onTerminate,
        Optional<String> place,
        List<HostName> names) {
    /** What happens to running servers when the agent is asked to end. */
    public enum OnTerminate {
        KEEP,
        STOP
    }

    public AgentConfig {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(host, "host is null");
        requireNonNull(listen, "listen is null");
        requireNonNull(listenNetwork, "listenNetwork is null");
        requireNonNull(serverListen, "serverListen is null");
        requireNonNull(stateDirectory, "stateDirectory is null");
        dataRoots = List.copyOf(dataRoots);
        requireNonNull(engine, "engine is null");
        requireNonNull(engineHome, "engineHome is null");
        requireNonNull(zooKeeper, "zooKeeper is null");
        requireNonNull(identityFile, "identityFile is null");
        requireNonNull(authorizedKeys, "authorizedKeys is null");
        requireNonNull(onTerminate, "onTerminate is null");
        requireNonNull(place, "place is null");
        names = List.copyOf(names);
    }

    /** The names and addresses, besides the host's own, that its certificate is to have. */
    public Set<String> reachedAs() {
        Set<String> all = new TreeSet<>();
        names.forEach(name -> all.add(name.value()));
        if (!serverListen.equals("*")) {
            all.add(serverListen);
        }
        return all;
    }
}
