package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.controller.ExitCode;

/**
 * PostgreSQL's server programs, where Debian puts them; installed when missing and root asks. A
 * server that is there is never touched, and none is made by the installation.
 */
final class ServerPackages {
    static final int OLDEST = 14;
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final Path EXTENSIONS = Path.of("/usr/share/postgresql");
    private static final Path NO_CLUSTER =
            Path.of("/etc/postgresql-common/createcluster.d/xlctl.conf");
    private static final List<String> PACKAGES =
            List.of("postgresql", "postgresql-contrib", "postgresql-client");

    private ServerPackages() {}

    /** The home of the newest usable server, installing it first if need be. */
    static Path require(PrintWriter out) {
        Optional<Path> found = newest();
        if (found.isPresent()) {
            return found.get();
        }
        if (!UnprivilegedUser.runningAsRoot()) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    "PostgreSQL "
                            + OLDEST
                            + " or newer with contrib is not installed, and only root can do it: "
                            + "apt-get install "
                            + String.join(" ", PACKAGES));
        }
        install(out);
        return newest().orElseThrow(
                        () ->
                                new QuickstartException(
                                        ExitCode.UNREACHABLE,
                                        "the packages "
                                                + String.join(", ", PACKAGES)
                                                + " are installed, but there is no server of version "
                                                + OLDEST
                                                + " or newer with postgres_fdw below "
                                                + VERSIONS));
    }

    private static Optional<Path> newest() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.filter(ServerPackages::usable)
                    .max(
                            Comparator.comparingInt(
                                    home -> Integer.parseInt(home.getFileName().toString())));
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE, VERSIONS + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean usable(Path home) {
        String version = home.getFileName().toString();
        return version.matches("[0-9]{1,3}")
                && Integer.parseInt(version) >= OLDEST
                && Files.isExecutable(home.resolve("bin/initdb"))
                && Files.isExecutable(home.resolve("bin/postgres"))
                && Files.exists(
                        EXTENSIONS.resolve(version).resolve("extension/postgres_fdw.control"));
    }

    private static void install(PrintWriter out) {
        out.println("Installing " + String.join(", ", PACKAGES) + " from Debian's packages");
        out.flush();
        try {
            if (!Files.exists(NO_CLUSTER)) {
                Files.createDirectories(NO_CLUSTER.getParent());
                Files.writeString(
                        NO_CLUSTER,
                        "# Written by xlctl before it installed PostgreSQL: installing must not start a server.\n"
                                + "create_main_cluster = false\n");
            }
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE, NO_CLUSTER + " cannot be written: " + e.getMessage(), e);
        }
        apt(List.of("update"));
        apt(
                Stream.concat(
                                Stream.of("install", "--yes", "--no-install-recommends"),
                                PACKAGES.stream())
                        .toList());
    }

    private static void apt(List<String> words) {
        ExternalProgram.Result result =
                ExternalProgram.run(
                        Stream.concat(Stream.of("apt-get", "--quiet"), words.stream()).toList(),
                        Map.of("DEBIAN_FRONTEND", "noninteractive"));
        if (result.exit() != 0) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    "apt-get "
                            + String.join(" ", words)
                            + " failed with "
                            + result.exit()
                            + ":\n"
                            + result.output().strip());
        }
    }
}
