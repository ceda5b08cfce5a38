package xlctl.operation;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * On whose behalf the cluster is changed.
 *
 * @param who the person, as the operating system names them
 * @param from the machine and process
 */
public record Operator(String who, String from) {
    public Operator {
        requireNonNull(who, "who is null");
        requireNonNull(from, "from is null");
    }

    /** Whoever runs this process. */
    public static Operator ofThisProcess() {
        return new Operator(
                System.getProperty("user.name", "unknown"),
                machine() + ", process " + ProcessHandle.current().pid());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a machine without a name";
        }
    }
}
