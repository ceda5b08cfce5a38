package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DefinitionsCopy;
import xlctl.agent.engine.postmaster.DefinitionsServer;
import xlctl.agent.engine.postmaster.KeptRole;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/**
 * What a node says of its roles and databases, and how a new node takes it. The role that changes
 * definitions asks, which sees all definitions but what mappings of users have in them: those of
 * xlctl's converge. A datanode takes no partitions: each has its own.
 */
record DefinitionsDump(Site site) implements DefinitionsCopy.Dump {
    private static final String MAINTENANCE_DATABASE = SuperuserConnections.MAINTENANCE_DATABASE;

    /** What was decided before DDL was kept out may still have to be done there. */
    private static final String EARLIER_DDL = "SELECT xl.await_earlier_ddl('30 s')";

    private static final String DATABASES =
            "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
                    + " AND datconnlimit <> -2 ORDER BY oid";

    private static final String ROLES =
            "SELECT statement || ';' FROM xl.role_statements() statement";
    private static final String SETTINGS =
            "SELECT statement || ';' FROM xl.setting_statements() statement";

    private static final String MORE_THAN_ONE_EMPTY_DATABASE =
            "SELECT count(*) <> 1 OR EXISTS (SELECT FROM xl.role_statements())"
                    + " OR EXISTS (SELECT FROM xl.setting_statements()) FROM pg_database"
                    + " WHERE datname NOT IN ('template0', 'template1')";

    private static final List<String> OPTIONS =
            List.of(
                    "--schema-only",
                    "--create",
                    "--no-tablespaces",
                    "--no-subscriptions",
                    "--lock-wait-timeout=20s");

    private static final String NO_FUNCTIONS = "--exclude-schema=xl";
    private static final String NO_PARTITIONS = "--exclude-schema=xl_parts";

    private static final String CREATES_MAINTENANCE_DATABASE =
            "CREATE DATABASE " + MAINTENANCE_DATABASE + " ";

    private static final String KEPT_ROLES =
            "(postgres|PUBLIC|"
                    + ServerRole.INTERNAL.roleName()
                    + "|"
                    + ServerRole.DDL.roleName()
                    + "|"
                    + ServerRole.MONITOR.roleName()
                    + "|"
                    + ServerRole.CLIENT.roleName()
                    + ")";

    /** What a node has that has nothing of users'. In doubt a line is theirs. */
    private static final Pattern EVERYWHERE =
            Pattern.compile(
                    "|--.*|SET [a-z_]+ = .*;|SELECT pg_catalog\\.set_config\\('search_path', '', false\\);"
                            + "|\\\\(un)?restrict .*|\\\\connect postgres"
                            + "|CREATE DATABASE postgres WITH .*;"
                            + "|ALTER DATABASE postgres OWNER TO postgres;"
                            + "|COMMENT ON DATABASE postgres IS .*;"
                            + "|(GRANT|REVOKE) [A-Z, ]* ON DATABASE postgres (TO|FROM) "
                            + KEPT_ROLES
                            + ";|GRANT CREATE ON SCHEMA public TO "
                            + ServerRole.CLIENT.roleName()
                            + ";|CREATE EXTENSION IF NOT EXISTS (dblink|postgres_fdw) WITH SCHEMA \\S+;"
                            + "|COMMENT ON EXTENSION (dblink|postgres_fdw) IS .*;"
                            + "|CREATE SERVER \\S+ FOREIGN DATA WRAPPER postgres_fdw OPTIONS \\("
                            + "|    [a-z_]+ '.*',?|\\);|ALTER SERVER \\S+ OWNER TO postgres;"
                            + "|COMMENT ON SERVER \\S+ IS '.* kept by xlctl';"
                            + "|CREATE USER MAPPING FOR public SERVER \\S+;"
                            + "|CREATE EVENT TRIGGER xl_\\S+ ON \\S+| +EXECUTE FUNCTION xl\\..*"
                            + "|ALTER EVENT TRIGGER xl_\\S+ .*;"
                            + "|(GRANT|REVOKE) ALL ON FUNCTION xl\\..*;");

    @Override
    public Optional<String> of(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        source.rows(MAINTENANCE_DATABASE, EARLIER_DDL);
        boolean simple =
                source.rows(MAINTENANCE_DATABASE, MORE_THAN_ONE_EMPTY_DATABASE).strip().equals("f");
        if (simple
                && !somethingOfUsers(
                        dump(source, MAINTENANCE_DATABASE, List.of(NO_FUNCTIONS, NO_PARTITIONS)))) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        NodeKind kind = site.spec().kind();
        for (KeptRole role : Roles.kept(kind, site.secrets().verifiers())) {
            if (role.role() != ServerRole.SUPERUSER) {
                text.append(role.create()).append(";\n");
            }
        }
        text.append(source.rows(MAINTENANCE_DATABASE, ROLES)).append('\n');
        for (String database : source.rows(MAINTENANCE_DATABASE, DATABASES).lines().toList()) {
            text.append(
                    loadable(
                            dump(
                                    source,
                                    database,
                                    kind == NodeKind.DATANODE
                                            ? List.of(NO_PARTITIONS)
                                            : List.of())));
            text.append("\nSELECT xl.settle();\n");
        }
        text.append(source.rows(MAINTENANCE_DATABASE, SETTINGS)).append('\n');
        return Optional.of(text.toString());
    }

    private static String dump(DefinitionsServer source, String database, List<String> more)
            throws EngineException, IOException, InterruptedException {
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(more);
        options.add("--dbname=" + DefinitionsServer.connection(database));
        return source.dump("pg_dump", options);
    }

    static boolean somethingOfUsers(String dump) {
        return !dump.lines().allMatch(line -> EVERYWHERE.matcher(line).matches());
    }

    /**
     * A database's dump for a server that has the maintenance database: with the catalog of nodes,
     * which is in no dump, before all that needs it.
     */
    static String loadable(String dump) {
        StringBuilder text = new StringBuilder();
        boolean connected = false;
        for (String line : dump.lines().toList()) {
            if (!connected && line.startsWith(CREATES_MAINTENANCE_DATABASE)) {
                continue;
            }
            text.append(line).append('\n');
            if (!connected && line.startsWith("\\connect ")) {
                connected = true;
                text.append("BEGIN;\n");
                NodeCatalog.CREATION.forEach(statement -> text.append(statement).append(";\n"));
                text.append("COMMIT;\n");
            }
        }
        return text.toString();
    }
}
