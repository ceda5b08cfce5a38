package xlctl.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import xlctl.text.FileTrouble;
import xlctl.text.TextFile;
import xlctl.text.UnusableTextException;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Secret;
import xlctl.yaml.YamlException;
import xlctl.yaml.YamlMapping;

/**
 * An {@link Identity} in a file of its own: YAML with the keys {@code user}, {@code password},
 * {@code controller-acl} and {@code agent-acl}, which nobody but its owner may read.
 */
public final class IdentityFile {
    private IdentityFile() {}

    /**
     * Reads the file.
     *
     * @throws InvalidValueException when the file is absent, open to others, or not right; the
     *     message never holds the password
     */
    public static Identity read(Path file) {
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!permissions.endsWith("------")) {
                throw new InvalidValueException(
                        "the ZooKeeper identity in "
                                + file
                                + " is open to others ("
                                + permissions
                                + "): chmod 600 "
                                + file);
            }
            YamlMapping root = YamlMapping.read(TextFile.read(file), file.toString());
            var user = root.string("user");
            var password = root.required("password", Secret::new);
            var controllerAcl = root.string("controller-acl");
            var agentAcl = root.string("agent-acl");
            root.requireNoProblems();
            return new Identity(
                    user.orElseThrow(),
                    password.orElseThrow(),
                    controllerAcl.orElseThrow(),
                    agentAcl.orElseThrow());
        } catch (NoSuchFileException e) {
            throw new InvalidValueException(
                    "there is no ZooKeeper identity at " + file + ": copy it there, mode 600");
        } catch (YamlException e) {
            throw new InvalidValueException(
                    "the ZooKeeper identity cannot be read:\n" + e.getMessage());
        } catch (InvalidValueException e) {
            throw e.getMessage().contains(file.toString())
                    ? e
                    : new InvalidValueException(file + ": " + e.getMessage());
        } catch (UnusableTextException e) {
            throw new InvalidValueException(
                    "the ZooKeeper identity at " + file + " cannot be read: " + e.getMessage());
        } catch (AccessDeniedException e) {
            throw new InvalidValueException(
                    "the ZooKeeper identity at "
                            + file
                            + " is not yours to read: run this as the user whom it belongs to");
        } catch (IOException e) {
            throw new InvalidValueException(
                    "the ZooKeeper identity at " + file + " cannot be read: " + FileTrouble.of(e));
        }
    }

    /** What such a file holds. It has the password in it. */
    public static String text(Identity identity) {
        return "user: "
                + quoted(identity.user())
                + "\npassword: "
                + quoted(identity.password().reveal())
                + "\ncontroller-acl: "
                + quoted(identity.controllerAcl())
                + "\nagent-acl: "
                + quoted(identity.agentAcl())
                + "\n";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
