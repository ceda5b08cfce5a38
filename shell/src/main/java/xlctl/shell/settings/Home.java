package xlctl.shell.settings;

import static java.util.Objects.requireNonNull;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.text.Quoted;

/** The directory of settings, keys and history. It need not be there. */
public record Home(Path directory) {
    static final String VARIABLE = "XLCTL_HOME";

    public Home {
        requireNonNull(directory, "directory is null");
    }

    /**
     * The directory that the option {@code --home} names, else {@code XLCTL_HOME}, else
     * /var/lib/xlctl for root, else ~/.xlctl.
     */
    public static Home find(Optional<String> option, Map<String, String> environment) {
        Optional<String> variable =
                Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isEmpty());
        if (option.isPresent()) {
            return new Home(path(option.get(), "--home"));
        }
        if (variable.isPresent()) {
            return new Home(path(variable.get(), VARIABLE));
        }
        return new Home(
                System.getProperty("user.name").equals("root")
                        ? Path.of("/var/lib/xlctl")
                        : Path.of(System.getProperty("user.home"), ".xlctl"));
    }

    public Path settingsFile() {
        return directory.resolve("xlctl.yaml");
    }

    public Path zooKeeperIdentity() {
        return directory.resolve("zookeeper-identity");
    }

    public Path sshKey() {
        return directory.resolve("ssh-key");
    }

    public Path history() {
        return directory.resolve("history");
    }

    private static Path path(String text, String origin) {
        if (text.isBlank()) {
            throw new SettingsException(List.of(origin + " is empty: name the home's directory"));
        }
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new SettingsException(
                    List.of(origin + ": " + Quoted.of(text) + " is not a path: " + e.getReason()));
        }
    }
}
