package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
        boolean differs = !Files.readString(file).equals(wanted);
        if (differs) {
            DurableFile.write(file, wanted);
            LOG.info("{}: {} rewritten", site.spec().instance().name(), NAME);
        }
        // The clock may have been set back since the server read them: times alone tell nothing
        // then.
        if (differs || !wereRead(connection, file, site.tls().certifiedKey())) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_reload_conf()");
            }
        }
    }

    /**
     * Whether the server has read its files after these were written; a crash may have come
     * between. A time that is still to come was noted before the clock was set back, and nothing
     * follows from it. One that is not there needs no reading.
     */
    private static boolean wereRead(Connection connection, Path... files)
            throws IOException, SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_conf_load_time(), clock_timestamp()")) {
            row.next();
            Instant read = row.getObject(1, OffsetDateTime.class).toInstant();
            Instant now = row.getObject(2, OffsetDateTime.class).toInstant();
            boolean all = !read.isAfter(now);
            for (Path file : files) {
                all &= !Files.exists(file) || wasWrittenBefore(read, now, file);
            }
            return all;
        }
    }

    private static boolean wasWrittenBefore(Instant read, Instant now, Path file)
            throws IOException {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        if (written.isAfter(now)) {
            Files.setLastModifiedTime(file, FileTime.from(now));
            return false;
        }
        return read.isAfter(written);
    }
}
