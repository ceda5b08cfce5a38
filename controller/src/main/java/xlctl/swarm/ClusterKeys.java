package xlctl.swarm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xlctl.session.SshKey;
import xlctl.store.Identities;
import xlctl.store.IdentityFile;
import xlctl.topology.ClusterName;

/**
 * The keys of a cluster. They come in pairs that only fit each other, and nothing can read a secret
 * back: where half of a pair is missing both are made anew.
 */
enum ClusterKeys {
    /** With which the controller is known to agents. */
    SSH(SwarmFiles.SSH_KEY, SwarmFiles.AUTHORIZED_KEYS) {
        @Override
        Map<String, byte[]> generate(ClusterName cluster) throws IOException {
            SshKey.Pair pair = SshKey.pair("xlctl " + cluster);
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(SwarmFiles.SSH_KEY, pair.privateHalf());
            files.put(SwarmFiles.AUTHORIZED_KEYS, bytes(pair.publicHalf() + "\n"));
            return files;
        }
    },
    /** With which controller and agents are known to ZooKeeper. */
    ZOOKEEPER(SwarmFiles.ZOOKEEPER_IDENTITY, SwarmFiles.AGENT_IDENTITY) {
        @Override
        Map<String, byte[]> generate(ClusterName cluster) {
            Identities identities = Identities.generate(cluster);
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(
                    SwarmFiles.ZOOKEEPER_IDENTITY,
                    bytes(IdentityFile.text(identities.controller())));
            files.put(SwarmFiles.AGENT_IDENTITY, bytes(IdentityFile.text(identities.agent())));
            return files;
        }
    };

    private final String first;
    private final String second;

    ClusterKeys(String first, String second) {
        this.first = first;
        this.second = second;
    }

    /** How its two files are called. */
    List<String> files() {
        return List.of(first, second);
    }

    /** New contents of both files, by their names. */
    abstract Map<String, byte[]> generate(ClusterName cluster) throws IOException;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
