package xlctl.agent.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where the certificate of a host lies, in a directory of its own. All are for its owner alone. */
public record TlsFiles(Path directory) {
    public TlsFiles {
        requireNonNull(directory, "directory is null");
    }

    /** The host's key and its certificate, in one file: it is replaced as a whole. */
    public Path certifiedKey() {
        return directory.resolve("host.pem");
    }

    /** Whom servers and agents of this host trust to sign others' certificates. */
    public Path authority() {
        return directory.resolve("authority.pem");
    }
}
