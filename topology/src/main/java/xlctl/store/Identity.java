package xlctl.store;

import static java.util.Objects.requireNonNull;

import xlctl.topology.Secret;

/**
 * Who a process is to ZooKeeper.
 *
 * @param user the digest user this process authenticates as
 * @param password the password of that user
 * @param controllerAcl the ACL id of the controller, {@code user:base64(sha1(user:password))}
 * @param agentAcl the ACL id of the agents, of the same form
 */
public record Identity(String user, Secret password, String controllerAcl, String agentAcl) {
    public Identity {
        requireNonNull(user, "user is null");
        requireNonNull(password, "password is null");
        requireNonNull(controllerAcl, "controllerAcl is null");
        requireNonNull(agentAcl, "agentAcl is null");
    }
}
