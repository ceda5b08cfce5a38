package xlctl.agent.engine.xl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.ServerRole;

/** The text of a dump of all definitions, and what of it concerns a node that was just made. */
final class Definitions {
    private static final String ROLE =
            NodeRoles.KEPT.stream().map(ServerRole::roleName).collect(Collectors.joining("|"));
    private static final Pattern CREATES_OWN_ROLE = Pattern.compile("CREATE ROLE (" + ROLE + ");");

    private static final String CREATES_DEFAULT_GROUP = "CREATE DEFAULT NODE GROUP ";

    /** Lines that the dump of a server without anything of users' consists of. */
    private static final Pattern EVERYWHERE =
            Pattern.compile(
                    "|--.*|SET .*;|\\\\connect (postgres|template1)"
                            + "|CREATE NODE \\S+ WITH \\(TYPE = .*;"
                            + "|CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;"
                            + "|COMMENT ON EXTENSION plpgsql IS .*;"
                            + "|COMMENT ON DATABASE (postgres|template1) IS .*;"
                            + "|REVOKE ALL ON (DATABASE (postgres|template1)|SCHEMA public)"
                            + " FROM (PUBLIC|postgres);"
                            + "|GRANT (ALL|CONNECT|TEMPORARY|CONNECT,TEMPORARY)"
                            + " ON (DATABASE (postgres|template1)|SCHEMA public)"
                            + " TO (PUBLIC|postgres);"
                            + "|GRANT SELECT ON TABLE (pg_catalog\\.)?pgxc_node TO ("
                            + ROLE
                            + ");"
                            + "|GRANT CREATE ON DATABASE postgres TO "
                            + ServerRole.CLIENT.roleName()
                            + ";");

    private final List<String> lines;

    Definitions(String dump) {
        this(dump.lines().toList());
    }

    private Definitions(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Whether it has anything that a node does not have from the beginning. In doubt it has.
     *
     * @param verifiers of the roles as the node has them
     */
    boolean somethingOfUsers(Map<ServerRole, PasswordVerifier> verifiers) {
        return lines.stream().anyMatch(line -> !known(line) && !setsOwnRole(line, verifiers));
    }

    private static boolean known(String line) {
        return EVERYWHERE.matcher(line).matches() || CREATES_OWN_ROLE.matcher(line).matches();
    }

    private static boolean setsOwnRole(String line, Map<ServerRole, PasswordVerifier> verifiers) {
        return verifiers.entrySet().stream()
                .anyMatch(
                        entry ->
                                line.startsWith(
                                                "ALTER ROLE "
                                                        + entry.getKey().roleName()
                                                        + " WITH ")
                                        && line.endsWith(
                                                " PASSWORD '" + entry.getValue().value() + "';")
                                        && (entry.getKey() == ServerRole.SUPERUSER
                                                || line.contains(
                                                        " NOSUPERUSER INHERIT NOCREATEROLE"
                                                                + " NOCREATEDB LOGIN NOREPLICATION"
                                                                + " NOBYPASSRLS ")));
    }

    /**
     * With another default group of datanodes than the dump has.
     *
     * @param definition what makes it; empty for none
     */
    Definitions withDefaultGroup(Optional<String> definition) {
        List<String> changed = new ArrayList<>();
        int globals = globals();
        for (String line : lines.subList(0, globals)) {
            if (!line.startsWith(CREATES_DEFAULT_GROUP)) {
                changed.add(line);
            }
        }
        definition.ifPresent(group -> changed.add(group + ";"));
        changed.addAll(lines.subList(globals, lines.size()));
        return new Definitions(changed);
    }

    /** How many lines are there before the first database. */
    private int globals() {
        int databases = 0;
        while (databases < lines.size() && !lines.get(databases).startsWith("\\connect")) {
            databases++;
        }
        return databases;
    }

    /**
     * What a node loads: all of it but the making of roles that it has. Those are made at the
     * begin, before the first database.
     */
    String loadable() {
        int databases = globals();
        return Stream.concat(
                        lines.subList(0, databases).stream()
                                .filter(line -> !CREATES_OWN_ROLE.matcher(line).matches()),
                        lines.subList(databases, lines.size()).stream())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
