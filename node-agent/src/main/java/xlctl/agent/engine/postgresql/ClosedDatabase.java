package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.InstanceName;
import xlctl.topology.SqlName;

/**
 * A database that an operation makes, and that clients cannot connect to until it is opened. Its
 * comment says whose it is. CREATE DATABASE is no part of a transaction, so the database is made
 * under another name, and gets its name and its comment together.
 */
final class ClosedDatabase {
    private static final String COMMENT =
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
                    + " FROM pg_database WHERE datname = ?";

    private final Sql sql;
    private final Connection connection;
    private final InstanceName instance;
    private final SqlName name;
    private final String mark;
    private final String made;

    /**
     * @param connection to another database, as the superuser
     */
    ClosedDatabase(Connection connection, InstanceName instance, long operation, SqlName name)
            throws SQLException {
        this.sql = new Sql(connection);
        this.connection = connection;
        this.instance = instance;
        this.name = name;
        this.mark = "being made by operation " + operation + " of xlctl";
        this.made = "xlctl_making_" + operation;
    }

    Reply create(SqlName owner) throws SQLException {
        Optional<String> present = comment(name.value());
        if (present.isPresent()) {
            return present.get().equals(mark)
                    ? new Reply.Done(instance + " has database " + name)
                    : Reply.Failed.refused(
                            instance + " has a database " + name + " already",
                            "choose another name, or drop that one");
        }
        String role = owner.value();
        if (Databases.column(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)
                .isEmpty()) {
            return Reply.Failed.refused(
                    "the role " + owner + " is not on " + instance.node(),
                    "make it first: Createuser " + owner);
        }
        dropIfThere(made);
        sql.run(
                "CREATE DATABASE "
                        + sql.name(made)
                        + " OWNER "
                        + sql.name(role)
                        + " ALLOW_CONNECTIONS false CONNECTION LIMIT 0");
        together(
                "COMMENT ON DATABASE " + sql.name(made) + " IS " + sql.text(mark),
                "ALTER DATABASE " + sql.name(made) + " RENAME TO " + quoted(),
                "ALTER DATABASE " + quoted() + " ALLOW_CONNECTIONS true");
        return new Reply.Done(instance + " has database " + name);
    }

    Reply open() throws SQLException {
        Optional<String> present = comment(name.value());
        if (present.isEmpty()) {
            return Reply.Failed.failed(
                    instance + " has no database " + name + " any more",
                    "drop it everywhere and make it again");
        }
        if (present.get().equals(mark)) {
            together(
                    "COMMENT ON DATABASE " + quoted() + " IS NULL",
                    "ALTER DATABASE " + quoted() + " CONNECTION LIMIT -1");
        }
        return new Reply.Done("database " + name + " of " + instance + " is open");
    }

    Reply drop() throws SQLException {
        dropIfThere(made);
        if (comment(name.value()).equals(Optional.of(mark))) {
            dropIfThere(name.value());
        }
        return new Reply.Done(instance + " has no database " + name + " of this operation");
    }

    private void dropIfThere(String database) throws SQLException {
        sql.run("DROP DATABASE IF EXISTS " + sql.name(database) + " WITH (FORCE)");
    }

    private Optional<String> comment(String database) throws SQLException {
        List<String> found = Databases.column(connection, COMMENT, database);
        return found.stream().findFirst();
    }

    private void together(String... statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String statement : statements) {
                sql.run(statement);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private String quoted() throws SQLException {
        return sql.name(name.value());
    }
}
