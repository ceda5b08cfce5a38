package xlctl.shell.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import xlctl.controller.ExitCode;

/** The user that agents and servers run as: PostgreSQL refuses to run as root. */
final class UnprivilegedUser {
    private static final Set<PosixFilePermission> FOR_ALL_TO_ENTER =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private final String name;
    private final Optional<UserPrincipal> switchTo;

    private UnprivilegedUser(String name, Optional<UserPrincipal> switchTo) {
        this.name = name;
        this.switchTo = switchTo;
    }

    /** The named user when this process is root's, else the user this process is run by. */
    static UnprivilegedUser of(String named) {
        if (!runningAsRoot()) {
            return new UnprivilegedUser(System.getProperty("user.name"), Optional.empty());
        }
        if (named.equals("root")) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "PostgreSQL refuses to run as root: name another user with --user");
        }
        try {
            UserPrincipal principal =
                    Path.of("/")
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(named);
            return new UnprivilegedUser(named, Optional.of(principal));
        } catch (UserPrincipalNotFoundException e) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "there is no user \""
                            + named
                            + "\" to run agents and servers as:"
                            + " make it with 'adduser --system --group --home /nonexistent "
                            + named
                            + "', or name another with --user",
                    e);
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "the user \"" + named + "\" cannot be looked up: " + e.getMessage(),
                    e);
        }
    }

    static boolean runningAsRoot() {
        return System.getProperty("user.name").equals("root");
    }

    String name() {
        return name;
    }

    /** The words to put before a program's own so that it runs as this user. */
    List<String> asUser(List<String> command) {
        if (switchTo.isEmpty()) {
            return List.copyOf(command);
        }
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=" + name,
                                "--regid=" + primaryGroup(),
                                "--init-groups",
                                "--"));
        words.addAll(command);
        return words;
    }

    /**
     * Makes a directory and those above it that are missing; this user may enter them, whatever
     * root's umask.
     */
    void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        makeDirectories(directory.getParent());
        Files.createDirectories(directory);
        if (switchTo.isPresent()) {
            Files.setPosixFilePermissions(directory, FOR_ALL_TO_ENTER);
        }
    }

    /** Hands a file or a whole directory to this user. */
    void own(Path path) throws IOException {
        if (switchTo.isEmpty()) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.setOwner(each, switchTo.get());
            }
        }
    }

    /**
     * Refuses a directory that this user cannot reach, naming the one on the way that is closed.
     *
     * @param setting by which another one is chosen
     */
    void requireReachable(Path directory, String setting) {
        for (int depth = 1; depth <= directory.getNameCount(); depth++) {
            Path step = directory.getRoot().resolve(directory.subpath(0, depth));
            if (Files.exists(step) && !Files.isDirectory(step)) {
                throw new QuickstartException(
                        ExitCode.REFUSED,
                        step + " is not a directory: choose another with " + setting);
            }
            if (Files.exists(step)
                    && ExternalProgram.run(asUser(List.of("test", "-x", step.toString()))).exit()
                            != 0) {
                throw new QuickstartException(
                        ExitCode.REFUSED,
                        "the agents run as user \""
                                + name
                                + "\", who cannot enter "
                                + step
                                + ": choose another directory with "
                                + setting
                                + ", one that everyone may enter");
            }
        }
    }

    private String primaryGroup() {
        ExternalProgram.Result result = ExternalProgram.run(List.of("id", "-g", name));
        if (result.exit() != 0) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "the group of user \"" + name + "\" cannot be found: " + result.output());
        }
        return result.output().strip();
    }
}
