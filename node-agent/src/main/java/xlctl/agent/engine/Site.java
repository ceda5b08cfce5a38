package xlctl.agent.engine;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.tls.TlsFiles;

/**
 * One instance where it lives.
 *
 * @param listen the addresses its server listens on, as the engine's configuration takes them
 * @param dataDirectory a real path: no part of it is a symbolic link
 * @param walDirectory likewise
 * @param stateDirectory the agent's own files on this instance, among them what must not lie in the
 *     data directory: passwords and logs
 * @param socketDirectory for the local socket
 * @param tls the host's certificate, once it has one: in a cluster with TLS
 */
public record Site(
        InstanceSpec spec,
        InstanceSecrets secrets,
        String listen,
        Path dataDirectory,
        Optional<Path> walDirectory,
        Path stateDirectory,
        Path socketDirectory,
        TlsFiles tls) {
    public Site {
        requireNonNull(spec, "spec is null");
        requireNonNull(secrets, "secrets is null");
        requireNonNull(listen, "listen is null");
        requireNonNull(dataDirectory, "dataDirectory is null");
        requireNonNull(walDirectory, "walDirectory is null");
        requireNonNull(stateDirectory, "stateDirectory is null");
        requireNonNull(socketDirectory, "socketDirectory is null");
        requireNonNull(tls, "tls is null");
    }

    /** The same, of an instance that is asked for otherwise. */
    public Site with(InstanceSpec another) {
        return new Site(
                another,
                secrets,
                listen,
                dataDirectory,
                walDirectory,
                stateDirectory,
                socketDirectory,
                tls);
    }

    /** Where the agent, on the same host, reaches a server that listens on an address. */
    public static String reachable(String listen) {
        return listen.equals("*") || listen.equals("0.0.0.0") ? "127.0.0.1" : listen;
    }

    /** Whether connections to it are encrypted, and from it to others of the cluster. */
    public boolean encrypted() {
        return spec.networks().encrypted();
    }

    public int port() {
        return spec.instance().port().value();
    }
}
