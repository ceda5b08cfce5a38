package xlctl.agent.engine.postmaster;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xlctl.agent.engine.Site;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** What libpq reads from the file that {@code PGPASSFILE} names. */
public final class PasswordFile {
    private PasswordFile() {}

    /** Where the server of an instance finds the one that it uses. */
    public static Path of(Site site) {
        return site.stateDirectory().resolve("pgpass");
    }

    /** One line for each role, for every server and database. */
    public static String text(Map<ServerRole, Secret> passwords) {
        return new TreeMap<>(passwords)
                .entrySet().stream()
                        .map(
                                entry ->
                                        "*:*:*:"
                                                + escaped(entry.getKey().roleName())
                                                + ":"
                                                + escaped(entry.getValue().reveal())
                                                + "\n")
                        .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }
}
