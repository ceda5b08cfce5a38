package xlctl.shell.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.controller.ClientLogin;
import xlctl.text.NewFile;
import xlctl.text.Quoted;
import xlctl.topology.ClusterName;

/**
 * Which directories have client files that were written from this home, so that their passwords can
 * be replaced: the home itself, where a quickstart writes its own, and those in a list there.
 */
public final class WrittenAccess {
    private static final String LIST = "client-files";

    private final Path home;

    public WrittenAccess(Path home) {
        this.home = home;
    }

    /** Where the list is. */
    public static Path list(Path home) {
        return home.resolve(LIST);
    }

    /**
     * @param directory in which client files were written
     */
    public void remember(Path directory) throws IOException {
        Set<String> all = new LinkedHashSet<>(listed());
        if (all.add(nameOf(directory))) {
            Files.createDirectories(home);
            PrivateFiles.replace(list(home), String.join("\n", all) + "\n");
        }
    }

    /**
     * What became of the password files that had another password.
     *
     * @param failed each with the reason
     */
    public record Renewed(List<Path> written, List<String> failed) {
        public Renewed {
            written = List.copyOf(written);
            failed = List.copyOf(failed);
        }
    }

    /** Whether this home has written client files of that cluster there, which still lie there. */
    public boolean has(Path directory, ClusterName cluster) throws IOException {
        return listed().contains(nameOf(directory)) && ClientFiles.servesIn(directory, cluster);
    }

    /**
     * Puts the password of a login into every password file that has another one for its role. One
     * that lies beside the service file of another cluster is left alone, and named.
     */
    public Renewed renew(ClientLogin login) {
        List<Path> written = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        String line = PrivateFiles.passwordLine(login.role(), login.password());
        String beginning = line.substring(0, line.lastIndexOf(':') + 1);
        for (Path directory : directories(failed)) {
            Path file = ClientFiles.passwordFile(directory);
            try {
                String before = Files.readString(file);
                String after =
                        before.lines()
                                .map(each -> each.startsWith(beginning) ? line : each + "\n")
                                .collect(Collectors.joining());
                if (after.equals(before)) {
                    continue;
                }
                if (ClientFiles.servesIn(directory, login.cluster())) {
                    PrivateFiles.replace(file, after);
                    written.add(file);
                } else {
                    failed.add(
                            file
                                    + ": the service file beside it has no service of cluster "
                                    + login.cluster());
                }
            } catch (IOException e) {
                failed.add(file + ": " + NewFile.trouble(e));
            }
        }
        return new Renewed(written, failed);
    }

    private List<Path> directories(List<String> failed) {
        List<Path> directories = new ArrayList<>(List.of(home));
        try {
            for (String name : listed()) {
                path(name, failed).ifPresent(directories::add);
            }
        } catch (IOException e) {
            failed.add(list(home) + ": " + NewFile.trouble(e));
        }
        directories.removeIf(
                directory ->
                        !Files.isRegularFile(
                                ClientFiles.passwordFile(directory), LinkOption.NOFOLLOW_LINKS));
        return directories;
    }

    private static Optional<Path> path(String name, List<String> failed) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            failed.add(
                    Quoted.of(name)
                            + ": this is not a path: "
                            + e.getReason()
                            + "; with LC_ALL=C.UTF-8 in the environment, access DIR writes it anew");
            return Optional.empty();
        }
    }

    private List<String> listed() throws IOException {
        return Files.exists(list(home)) ? Files.readAllLines(list(home)) : List.of();
    }

    private static String nameOf(Path directory) {
        return directory.toAbsolutePath().normalize().toString();
    }
}
