package xlctl.store;

import static java.util.Objects.requireNonNull;

import xlctl.topology.ClusterName;
import xlctl.topology.Secret;

/** The two identities of one cluster: its controller's and the one that all its agents share. */
public record Identities(Identity controller, Identity agent) {
    public Identities {
        requireNonNull(controller, "controller is null");
        requireNonNull(agent, "agent is null");
    }

    /** New identities with passwords that nobody has seen. */
    public static Identities generate(ClusterName cluster) {
        String controller = controllerOf(cluster);
        String agent = cluster + "-agent";
        Secret controllerPassword = Secret.generate();
        Secret agentPassword = Secret.generate();
        String controllerAcl = Identity.acl(controller, controllerPassword);
        String agentAcl = Identity.acl(agent, agentPassword);
        return new Identities(
                new Identity(controller, controllerPassword, controllerAcl, agentAcl),
                new Identity(agent, agentPassword, controllerAcl, agentAcl));
    }

    /** The user as whom a cluster's controller is known to ZooKeeper. */
    public static String controllerOf(ClusterName cluster) {
        return cluster + "-controller";
    }
}
