package xlctl.shell.access;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import xlctl.controller.ClientLogin;
import xlctl.controller.RefusedException;
import xlctl.text.NewFile;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/**
 * What a client needs, in a directory to be given to it: a service of the cluster's name that takes
 * the first coordinator that answers, one of each coordinator's name, the password, and in a
 * cluster with TLS the certificate by which the coordinators' are verified.
 */
public final class ClientFiles {
    private final Path directory;
    private final ClientLogin login;

    public ClientFiles(Path directory, ClientLogin login) {
        this.directory = directory;
        this.login = login;
    }

    /**
     * Writes all files, for their owner alone. The directory is made where it is not there.
     *
     * @throws RefusedException when one of them is there already, or something else is there in
     *     place of the directory
     * @throws IOException when they cannot be written; none of them is there then
     */
    public void write() throws IOException {
        List<Problem> inTheWay =
                files().stream()
                        .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                        .map(
                                file ->
                                        Problem.of(
                                                file + " is there already",
                                                "remove it, or name another directory"))
                        .toList();
        if (!inTheWay.isEmpty()) {
            throw new RefusedException(inTheWay.toArray(Problem[]::new));
        }
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory.toAbsolutePath().getParent());
                Files.createDirectory(
                        directory,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (FileAlreadyExistsException e) {
            throw new RefusedException(
                    Problem.of(
                            directory + " cannot be written into: " + NewFile.trouble(e),
                            "name another directory"));
        }
        try {
            for (Map.Entry<Path, String> file : contents().entrySet()) {
                PrivateFiles.create(file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            removeAll(e);
            throw e;
        }
    }

    /** Writes all files anew where they were written before, and leaves them to their owners. */
    public void renew() throws IOException {
        for (Map.Entry<Path, String> file : contents().entrySet()) {
            PrivateFiles.replace(file.getKey(), file.getValue());
        }
    }

    /** In the order in which they are written: the one that names the others last. */
    private Map<Path, String> contents() {
        Map<Path, String> contents = new LinkedHashMap<>();
        contents.put(passwordFile(), PrivateFiles.passwordLine(login.role(), login.password()));
        login.authority().ifPresent(authority -> contents.put(authorityFile(), authority));
        contents.put(serviceFile(), services());
        return contents;
    }

    private void removeAll(IOException why) {
        for (Path file : files()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    private String services() {
        String hosts =
                login.coordinators().stream()
                        .map(coordinator -> coordinator.address().host().value())
                        .collect(Collectors.joining(","));
        String ports =
                login.coordinators().stream()
                        .map(coordinator -> coordinator.address().port().toString())
                        .collect(Collectors.joining(","));
        return section(login.cluster().value(), hosts, ports)
                + login.coordinators().stream()
                        .map(
                                coordinator ->
                                        "\n"
                                                + section(
                                                        coordinator.name().value(),
                                                        coordinator.address().host().value(),
                                                        coordinator.address().port().toString()))
                        .collect(Collectors.joining());
    }

    private String section(String name, String hosts, String ports) {
        return heading(name)
                + "\nhost="
                + hosts
                + "\nport="
                + ports
                + "\ndbname=postgres\nuser="
                + login.role()
                + "\n"
                + (login.authority().isPresent() ? verified(authorityFile()) : "");
    }

    /** The lines of a service by which a client verifies whom it reaches. */
    public static String verified(Path authority) {
        return "sslmode=verify-full\nsslrootcert="
                + authority.toAbsolutePath()
                + "\nchannel_binding=require\n";
    }

    /** What was written, and how it is used. */
    public List<String> explained() {
        return List.of(
                "Made "
                        + files().stream().map(Path::toString).collect(Collectors.joining(", "))
                        + ". A client connects with:",
                "  PGSERVICEFILE="
                        + serviceFile()
                        + " PGPASSFILE="
                        + passwordFile()
                        + " psql service="
                        + login.cluster());
    }

    private Collection<Path> files() {
        return contents().keySet();
    }

    private Path authorityFile() {
        return directory.resolve("ca.crt");
    }

    private Path serviceFile() {
        return serviceFile(directory);
    }

    private static Path serviceFile(Path directory) {
        return directory.resolve("pg_service.conf");
    }

    /** Whether the service file of a directory has the service of a cluster. */
    static boolean servesIn(Path directory, ClusterName cluster) throws IOException {
        Path file = serviceFile(directory);
        return Files.isRegularFile(file)
                && Files.readAllLines(file).contains(heading(cluster.value()));
    }

    private static String heading(String service) {
        return "[" + service + "]";
    }

    private Path passwordFile() {
        return passwordFile(directory);
    }

    /** The one with the password, among those in a directory. */
    static Path passwordFile(Path directory) {
        return directory.resolve("pgpass");
    }
}
