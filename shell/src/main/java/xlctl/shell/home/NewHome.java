package xlctl.shell.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xlctl.session.SshKey;
import xlctl.store.Identities;
import xlctl.store.IdentityFile;
import xlctl.text.NewFile;
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

    /**
     * Makes keys and identities and writes all files, or none. Each is new: one that exists is an
     * error.
     */
    public void create() throws IOException {
        boolean fresh = Files.notExists(directory);
        Files.createDirectories(directory);
        SshKey.Pair key = SshKey.pair("xlctl " + cluster);
        Identities identities = Identities.generate(cluster);
        Map<Path, byte[]> secret = new LinkedHashMap<>();
        secret.put(sshKey(), key.privateHalf());
        secret.put(identity(), bytes(IdentityFile.text(identities.controller())));
        secret.put(agentIdentity(), bytes(IdentityFile.text(identities.agent())));
        Map<Path, byte[]> open = new LinkedHashMap<>();
        open.put(sshPublicKey(), bytes(key.publicHalf() + "\n"));
        open.put(settings(), bytes(settingsText()));
        List<Path> made = new ArrayList<>();
        try {
            for (Map.Entry<Path, byte[]> file : secret.entrySet()) {
                NewFile.forOwner(file.getKey(), file.getValue());
                made.add(file.getKey());
            }
            for (Map.Entry<Path, byte[]> file : open.entrySet()) {
                NewFile.forAll(file.getKey(), file.getValue());
                made.add(file.getKey());
            }
        } catch (IOException e) {
            if (fresh) {
                made.add(directory);
            }
            remove(made, e);
            throw e;
        }
    }

    private static void remove(List<Path> made, IOException why) {
        for (Path file : made) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
