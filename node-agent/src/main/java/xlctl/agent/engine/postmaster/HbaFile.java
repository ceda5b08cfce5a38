package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;

/** A server's {@code pg_hba.conf} on disk, and as the server has read it. */
public final class HbaFile {
    public static final String NAME = "pg_hba.conf";
    private static final Logger LOG = LoggerFactory.getLogger(HbaFile.class);

    private HbaFile() {}

    /**
     * Writes the file when it differs, and has the server read it, and the host's certificate, when
     * it has not yet.
     */
    public static void converge(Site site, String wanted, Connection connection)
            throws IOException, SQLException {
        Path file = site.dataDirectory().resolve(NAME);
        if (!Files.readString(file).equals(wanted)) {
            DurableFile.write(file, wanted);
            LOG.info("{}: {} rewritten", site.spec().instance().name(), NAME);
        }
        if (!loadedSince(connection, newest(file, site.tls().certifiedKey()))) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_reload_conf()");
            }
        }
    }

    /** When the last of them was written; one that is not there never was. */
    private static Instant newest(Path... files) throws IOException {
        Instant newest = Instant.EPOCH;
        for (Path file : files) {
            if (Files.exists(file)) {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                newest = written.isAfter(newest) ? written : newest;
            }
        }
        return newest;
    }

    /** Whether the server has read its files after a time; a crash may have come between. */
    private static boolean loadedSince(Connection connection, Instant time) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_conf_load_time()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant().isAfter(time);
        }
    }
}
