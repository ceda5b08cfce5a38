package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.NodeKind;

/**
 * The schema {@code xl} of one database, which a script of this program makes: of the GTM what is
 * global, of every other node the functions for users. The schema's comment says which version of
 * the script made it; an agent never puts an older one in its place.
 *
 * @param version the number in the script's first line
 * @param mark the schema's comment once the script was run
 */
record XlSchema(NodeKind kind, String script, int version, String mark) {
    private static final String OF_GTM = read("gtm.sql");
    private static final String OF_NODES =
            Stream.of(
                            "tables",
                            "guard",
                            "apply",
                            "connections",
                            "ddl",
                            "users",
                            "agents",
                            "privileges")
                    .map(part -> read("node/" + part + ".sql"))
                    .collect(Collectors.joining("\n"));
    private static final String NAME = "xl";
    private static final String PARTITIONS = "xl_parts";
    private static final String EXTENSION = "dblink";
    private static final Pattern FIRST_LINE = Pattern.compile("\\A-- version ([0-9]{1,9})\\R");
    private static final Pattern MARK =
            Pattern.compile("xlctl's, for a \\S+, version ([0-9]{1,9}), SHA-256 [0-9a-f]{64}");

    /** What is in a database; the comment is empty when the schema has none. */
    private record Present(
            boolean exists,
            boolean superusers,
            String comment,
            boolean partitions,
            boolean superusersPartitions,
            Optional<String> extensionIn) {}

    static XlSchema of(NodeKind kind) {
        return of(kind, kind == NodeKind.GTM ? OF_GTM : OF_NODES);
    }

    /**
     * @param kind of node: what a script makes may depend on it
     */
    static XlSchema of(NodeKind kind, String script) {
        Matcher first = FIRST_LINE.matcher(script);
        if (!first.find()) {
            throw new IllegalArgumentException("the script does not begin with -- version N");
        }
        String version = first.group(1);
        return new XlSchema(
                kind,
                script,
                Integer.parseInt(version),
                "xlctl's, for a " + kind + ", version " + version + ", SHA-256 " + sha256(script));
    }

    /** Works within the caller's transaction, and writes nothing when the schema is right. */
    void converge(Connection connection) throws SQLException {
        Present present = present(connection);
        refuseForeign(present);
        if (present.exists() && (newer(present) || right(present))) {
            return;
        }
        Sql sql = new Sql(connection);
        if (!present.exists()) {
            sql.run("CREATE SCHEMA " + NAME);
        }
        if (kind.inCatalog()) {
            convergeExtension(sql, present);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
        }
        sql.run("COMMENT ON SCHEMA " + NAME + " IS " + sql.text(mark));
    }

    /** Whoever owns them could change what others trust. */
    private static void refuseForeign(Present present) throws SQLException {
        if (present.exists()
                && !(present.superusers() && MARK.matcher(present.comment()).matches())) {
            throw taken(NAME);
        }
        if (present.partitions() && !present.superusersPartitions()) {
            throw taken(PARTITIONS);
        }
    }

    private static SQLException taken(String schema) {
        return new SQLException(
                "the schema "
                        + schema
                        + " was not made by xlctl, which needs the name: ALTER SCHEMA "
                        + schema
                        + " RENAME TO ...");
    }

    private boolean newer(Present present) throws SQLException {
        Matcher known = MARK.matcher(present.comment());
        boolean newer = known.matches() && Integer.parseInt(known.group(1)) > version;
        if (newer && !complete(present)) {
            throw new SQLException(
                    "the schema "
                            + NAME
                            + " was made by a newer version of xlctl, and "
                            + PARTITIONS
                            + " is missing: upgrade the agent of this host");
        }
        return newer;
    }

    private boolean right(Present present) {
        return present.comment().equals(mark) && complete(present);
    }

    /** A datanode that has just taken the definitions of another has no partitions yet. */
    private boolean complete(Present present) {
        return !kind.inCatalog() || present.partitions();
    }

    private static void convergeExtension(Sql sql, Present present) throws SQLException {
        if (present.extensionIn().isEmpty()) {
            sql.run("CREATE EXTENSION " + EXTENSION + " WITH SCHEMA " + NAME);
        } else if (!present.extensionIn().get().equals(NAME)) {
            throw new SQLException(
                    "the extension "
                            + EXTENSION
                            + " is in schema "
                            + present.extensionIn().get()
                            + ", where its functions are not xlctl's alone: ALTER EXTENSION "
                            + EXTENSION
                            + " SET SCHEMA "
                            + NAME);
        }
    }

    private static Present present(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT n.oid IS NOT NULL, coalesce(r.rolsuper, false),"
                                        + " coalesce(obj_description(n.oid, 'pg_namespace'), ''),"
                                        + " p.oid IS NOT NULL, coalesce(pr.rolsuper, false),"
                                        + " (SELECT e.extnamespace::regnamespace::text"
                                        + " FROM pg_extension e WHERE e.extname = '"
                                        + EXTENSION
                                        + "') FROM (VALUES (1)) one LEFT JOIN pg_namespace n"
                                        + " ON n.nspname = '"
                                        + NAME
                                        + "' LEFT JOIN pg_roles r ON r.oid = n.nspowner"
                                        + " LEFT JOIN pg_namespace p ON p.nspname = '"
                                        + PARTITIONS
                                        + "' LEFT JOIN pg_roles pr ON pr.oid = p.nspowner")) {
            row.next();
            return new Present(
                    row.getBoolean(1),
                    row.getBoolean(2),
                    row.getString(3),
                    row.getBoolean(4),
                    row.getBoolean(5),
                    Optional.ofNullable(row.getString(6)));
        }
    }

    private static String read(String resource) {
        try (InputStream found = XlSchema.class.getResourceAsStream(resource)) {
            if (found == null) {
                throw new IllegalStateException("the program lacks its script " + resource);
            }
            return new String(found.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
