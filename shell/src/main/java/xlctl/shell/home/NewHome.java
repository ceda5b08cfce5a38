package xlctl.shell.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import xlctl.session.SshKey;
import xlctl.store.Identities;
import xlctl.store.IdentityFile;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;

/**
 * What a new home holds.
 *
 * @param directory made if absent; files that are there are never overwritten
 */
public record NewHome(
        Path directory,
        ClusterName cluster,
        String zooKeeper,
        EngineKind engine,
        Networks networks) {

    public Path settings() {
        return directory.resolve("xlctl.yaml");
    }

    /** The controller's ZooKeeper identity. */
    public Path identity() {
        return directory.resolve("zookeeper-identity");
    }

    /** The agents' ZooKeeper identity, to be copied to their hosts. */
    public Path agentIdentity() {
        return directory.resolve("agent-identity");
    }

    public Path sshKey() {
        return directory.resolve("ssh-key");
    }

    /** What an agent's authorized keys must hold. */
    public Path sshPublicKey() {
        return directory.resolve("ssh-key.pub");
    }

    /** The files that would be in the way of {@link #create()}. */
    public List<Path> present() {
        List<Path> present =
                new ArrayList<>(
                        List.of(settings(), identity(), agentIdentity(), sshKey(), sshPublicKey()));
        present.removeIf(file -> !Files.exists(file, LinkOption.NOFOLLOW_LINKS));
        return present;
    }

    /** Makes keys and identities and writes all files. Each is new: one that exists is an error. */
    public void create() throws IOException {
        Files.createDirectories(directory);
        String publicKey = SshKey.generate(sshKey(), "xlctl " + cluster);
        Files.writeString(Files.createFile(sshPublicKey()), publicKey + "\n");
        Identities identities = Identities.generate(cluster);
        IdentityFile.write(identity(), identities.controller());
        IdentityFile.write(agentIdentity(), identities.agent());
        Files.writeString(Files.createFile(settings()), settingsText());
    }

    private String settingsText() {
        return "cluster: "
                + cluster
                + "\n"
                + "zookeeper: "
                + zooKeeper
                + "\n"
                + "engine: "
                + engine
                + "\n"
                + "networks:\n"
                + "  cluster: "
                + list(networks.cluster())
                + "\n"
                + "  clients: "
                + list(networks.clients())
                + "\n";
    }

    private static String list(List<Cidr> networks) {
        return "[" + String.join(", ", networks.stream().map(Cidr::value).toList()) + "]";
    }
}
