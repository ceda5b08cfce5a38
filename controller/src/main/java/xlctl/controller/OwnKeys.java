package xlctl.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import xlctl.store.Identities;
import xlctl.store.Identity;
import xlctl.store.IdentityFile;
import xlctl.topology.ClusterName;
import xlctl.topology.InvalidValueException;

/** What the controller shows of itself: its identity to ZooKeeper, its SSH key to agents. */
final class OwnKeys {
    private OwnKeys() {}

    static Identity identity(ControllerSettings settings) {
        Identity identity = IdentityFile.read(settings.identityFile());
        requireOf(settings.cluster(), identity, settings.identityFile());
        return identity;
    }

    /** Else a mistyped name would get an empty place of its own in ZooKeeper. */
    private static void requireOf(ClusterName cluster, Identity identity, Path file) {
        if (!identity.user().equals(Identities.controllerOf(cluster))) {
            throw new InvalidValueException(
                    "the cluster is to be "
                            + cluster
                            + ", but the ZooKeeper identity in "
                            + file
                            + " is "
                            + identity.user()
                            + ": name its cluster, or the home of the other one");
        }
    }

    /** As OpenSSH does: a key that others can read is not used. */
    static void requireUsable(Path sshKey) {
        try {
            String permissions =
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(sshKey));
            if (!permissions.endsWith("------")) {
                throw new InvalidValueException(
                        "the SSH key "
                                + sshKey
                                + " is open to others ("
                                + permissions
                                + "): chmod 600 "
                                + sshKey);
            }
        } catch (IOException e) {
            throw new InvalidValueException(
                    "there is no SSH key that can be read at "
                            + sshKey
                            + ": make one with ssh-keygen -t ed25519 -N '' -f "
                            + sshKey);
        }
    }
}
