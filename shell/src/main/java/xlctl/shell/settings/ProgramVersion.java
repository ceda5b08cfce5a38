package xlctl.shell.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this xlctl. */
public final class ProgramVersion {
    private ProgramVersion() {}

    public static String number() {
        Properties properties = new Properties();
        try (InputStream in =
                ProgramVersion.class.getResourceAsStream("/xlctl/shell/version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of this xlctl", e);
        }
        return properties.getProperty("version");
    }
}
