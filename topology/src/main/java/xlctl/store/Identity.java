package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import xlctl.topology.InvalidValueException;
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
        String own = acl(user, password);
        if (!own.equals(controllerAcl) && !own.equals(agentAcl)) {
            throw new InvalidValueException(
                    "the user "
                            + user
                            + " with its password is neither the controller nor the agents of the"
                            + " cluster: one of the four parts of this identity is not right");
        }
    }

    /** The ACL id that ZooKeeper derives from a digest user and its password. */
    static String acl(String user, Secret password) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1")
                            .digest(
                                    (user + ":" + password.reveal())
                                            .getBytes(StandardCharsets.UTF_8));
            return user + ":" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    public boolean isController() {
        return acl(user, password).equals(controllerAcl);
    }
}
