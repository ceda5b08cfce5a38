package xlctl.shell.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xlctl.shell.access.ClientFiles;
import xlctl.shell.access.PrivateFiles;
import xlctl.store.AuthoritySecret;
import xlctl.store.ClusterSecrets;
import xlctl.topology.ServerRole;

/**
 * How a person connects with psql: a password file, the certificate by which servers are verified,
 * and a service file that names both.
 */
final class ClientAccess {
    private final Layout layout;
    private final Software software;

    ClientAccess(Layout layout, Software software) {
        this.layout = layout;
        this.software = software;
    }

    void write(ClusterSecrets secrets) throws IOException {
        String role = ServerRole.CLIENT.roleName();
        privately(layout.passwordFile(), PrivateFiles.passwordLine(role, secrets.client()));
        Optional<String> authority = secrets.authority().map(AuthoritySecret::certificate);
        if (authority.isPresent()) {
            privately(layout.authorityFile(), authority.get());
        }
        privately(
                layout.serviceFile(),
                "["
                        + service()
                        + "]\n"
                        + "host="
                        + Layout.FIRST_COORDINATOR
                        + "\n"
                        + "port="
                        + Layout.SERVER_PORT
                        + "\n"
                        + "dbname=postgres\n"
                        + "user="
                        + role
                        + "\n"
                        + (software.readsPassfileOfServices()
                                ? "passfile=" + layout.passwordFile() + "\n"
                                : "")
                        + (authority.isPresent()
                                ? ClientFiles.verified(layout.authorityFile())
                                : ""));
    }

    /** What psql needs in its environment. */
    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PGSERVICEFILE", layout.serviceFile().toString());
        if (!software.readsPassfileOfServices()) {
            environment.put("PGPASSFILE", layout.passwordFile().toString());
        }
        return environment;
    }

    String service() {
        return Layout.cluster(software.kind()).value();
    }

    /** The command line for a shell, quoted so that it works as pasted. */
    String psql() {
        return environment().entrySet().stream()
                        .map(
                                entry ->
                                        entry.getKey()
                                                + "="
                                                + ShellWord.of(Path.of(entry.getValue())))
                        .collect(Collectors.joining(" "))
                + " "
                + ShellWord.of(Path.of(software.psql()))
                + " service="
                + service();
    }

    private static void privately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        PrivateFiles.create(file, text);
    }
}
