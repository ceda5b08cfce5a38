package xlctl.swarm;

import java.util.List;

/** How the files of secrets and configs are called, without the cluster's name before them. */
final class SwarmFiles {
    /** The controller's private key. */
    static final String SSH_KEY = "ssh-key";

    /** The controller's ZooKeeper identity. */
    static final String ZOOKEEPER_IDENTITY = "zookeeper-identity";

    /** The ZooKeeper identity that all agents share. */
    static final String AGENT_IDENTITY = "agent-identity";

    /** The controller's public key. The one file that is no secret. */
    static final String AUTHORIZED_KEYS = "authorized-keys";

    static final List<String> SECRETS = List.of(SSH_KEY, ZOOKEEPER_IDENTITY, AGENT_IDENTITY);

    private SwarmFiles() {}
}
