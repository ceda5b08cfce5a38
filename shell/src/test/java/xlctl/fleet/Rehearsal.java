package xlctl.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import xlctl.agent.config.AgentConfigFile;

/**
 * What an agent does when it starts and for its servers, done once, and then a fleet: {@code
 * Rehearsal EXAMPLE-CONFIG HOME COUNT}. So that the build learns which classes an agent uses.
 */
public final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] arguments) throws Exception {
        var unused = AgentConfigFile.read(Path.of(arguments[0]));
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        EncryptedServer.rehearse(directory.resolve("tls"));
        Fleet.main(new String[] {arguments[1], arguments[2]});
    }
}
