package xlctl.agent.engine;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.tls.TlsFiles;
import xlctl.topology.Secret;

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
 * @param formerSuperuser passwords that the superuser may still have on the server
 */
public record Site(
        InstanceSpec spec,
        InstanceSecrets secrets,
        String listen,
        Path dataDirectory,
        Optional<Path> walDirectory,
        Path stateDirectory,
        Path socketDirectory,
        TlsFiles tls,
        List<Secret> formerSuperuser) {
    public Site {
        requireNonNull(spec, "spec is null");
        requireNonNull(secrets, "secrets is null");
        requireNonNull(listen, "listen is null");
        requireNonNull(dataDirectory, "dataDirectory is null");
        requireNonNull(walDirectory, "walDirectory is null");
        requireNonNull(stateDirectory, "stateDirectory is null");
        requireNonNull(socketDirectory, "socketDirectory is null");
        requireNonNull(tls, "tls is null");
        formerSuperuser = List.copyOf(formerSuperuser);
    }

    /** Of an instance whose passwords are on its server. */
    public Site(
            InstanceSpec spec,
            InstanceSecrets secrets,
            String listen,
            Path dataDirectory,
            Optional<Path> walDirectory,
            Path stateDirectory,
            Path socketDirectory,
            TlsFiles tls) {
        this(
                spec,
                secrets,
                listen,
                dataDirectory,
                walDirectory,
                stateDirectory,
                socketDirectory,
                tls,
                List.of());
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
                tls,
                formerSuperuser);
    }

    /** The same, with other passwords. */
    public Site with(InstanceSecrets others, List<Secret> former) {
        return new Site(
                spec,
                others,
                listen,
                dataDirectory,
                walDirectory,
                stateDirectory,
                socketDirectory,
                tls,
                former);
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
