package xlctl.shell.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** How a person connects with psql: a password file and a service file that names it. */
final class ClientAccess {
    private final Layout layout;

    ClientAccess(Layout layout) {
        this.layout = layout;
    }

    void write(Secret password) throws IOException {
        String role = ServerRole.CLIENT.roleName();
        privately(
                layout.passwordFile(),
                "*:" + Layout.SERVER_PORT + ":*:" + role + ":" + password.reveal() + "\n");
        privately(
                layout.serviceFile(),
                "["
                        + Layout.CLUSTER
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
                        + "passfile="
                        + layout.passwordFile()
                        + "\n");
    }

    /** The command line for a shell, quoted so that it works as pasted. */
    String psql() {
        return "PGSERVICEFILE="
                + ShellWord.of(layout.serviceFile())
                + " psql service="
                + Layout.CLUSTER;
    }

    private static void privately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
