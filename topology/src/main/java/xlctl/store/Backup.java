package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.json.JsonTree;
import xlctl.topology.ClusterName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/**
 * A cluster's records as one document, to be kept outside ZooKeeper. It has the cluster's passwords
 * in it. Who is connected, who has the lock and what operations did are not in it.
 *
 * @param note what whoever finds the file must know
 * @param checksum over the cluster, the time and the records
 */
public record Backup(
        int format,
        String note,
        ClusterName cluster,
        Instant taken,
        String checksum,
        Records records) {
    /** The newest format that this program reads, and the one that it writes. */
    public static final int FORMAT = 2;

    private static final String NOTE =
            "The records of a cluster of xlctl, with its passwords: keep this file secret.";

    /**
     * What is put back.
     *
     * @param topologyVersion of the record it was read from
     * @param lastOperation the highest number of an operation then, 0 for none
     * @param open operations that were open, for people
     */
    public record Records(
            Topology topology,
            int topologyVersion,
            Optional<Lineage> lineage,
            List<NodeState> nodeStates,
            List<HostRecord> hosts,
            ClusterSecrets secrets,
            long lastOperation,
            List<String> open) {
        public Records {
            requireNonNull(topology, "topology is null");
            requireNonNull(lineage, "lineage is null");
            nodeStates = List.copyOf(nodeStates);
            hosts = List.copyOf(hosts);
            requireNonNull(secrets, "secrets is null");
            open = List.copyOf(open);
        }
    }

    public Backup {
        requireNonNull(note, "note is null");
        requireNonNull(cluster, "cluster is null");
        requireNonNull(taken, "taken is null");
        requireNonNull(checksum, "checksum is null");
        requireNonNull(records, "records is null");
    }

    /**
     * Empty where there is nothing to back up: the cluster has no topology or no passwords.
     * Passwords that are to come are not in it, because no operation that goes on with them is.
     */
    public static Optional<Backup> of(ClusterName cluster, Instant taken, Snapshot now) {
        if (now.topology().isEmpty() || now.secrets().isEmpty()) {
            return Optional.empty();
        }
        Records records =
                new Records(
                        now.topology().get().value(),
                        now.topology().get().version(),
                        now.lineage().map(Versioned::value),
                        now.nodeStates().values().stream().map(Versioned::value).toList(),
                        now.hosts().values().stream().map(Versioned::value).toList(),
                        now.secrets().get().value().withNext(Optional.empty()),
                        now.lastOperation(),
                        now.operations().values().stream()
                                .map(Versioned::value)
                                .filter(operation -> operation.state().open())
                                .map(operation -> operation.number() + ": " + operation.command())
                                .toList());
        String sum = checksum(cluster.toString(), taken.toString(), Json.write(records));
        return Optional.of(new Backup(FORMAT, NOTE, cluster, taken, sum, records));
    }

    /** The document. It has secrets in it. */
    public String text() {
        return Json.pretty(this) + "\n";
    }

    /**
     * @param source the name of the file, for messages
     * @throws InvalidValueException when it is no backup, damaged, of a newer format or of another
     *     cluster
     */
    public static Backup read(String text, String source, ClusterName cluster) {
        JsonTree tree;
        try {
            tree = JsonTree.read(text, source);
        } catch (JsonException e) {
            // What is wrong with it may be a part of a password.
            throw new InvalidValueException(
                    source + " is damaged, or no backup of xlctl: it is not JSON");
        }
        long format =
                tree.number("format")
                        .orElseThrow(
                                () ->
                                        new InvalidValueException(
                                                source
                                                        + " is no backup of xlctl: it has no format"));
        if (format > FORMAT) {
            throw new InvalidValueException(
                    source
                            + " has format "
                            + format
                            + ", this xlctl reads backups up to format "
                            + FORMAT
                            + ": use the newer xlctl that wrote it");
        }
        String of = tree.text("cluster").orElse("");
        String sum =
                checksum(
                        of,
                        tree.text("taken").orElse(""),
                        tree.at("records").map(JsonTree::json).orElse(new byte[0]));
        if (!tree.text("checksum").equals(Optional.of(sum))) {
            throw new InvalidValueException(
                    source
                            + " is damaged: its content does not have the checksum that was written"
                            + " with it; use another backup");
        }
        if (!of.equals(cluster.toString())) {
            throw new InvalidValueException(
                    source
                            + " is a backup of cluster "
                            + of
                            + ", not of "
                            + cluster
                            + ": name that cluster's file, or that cluster");
        }
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8), Backup.class, source);
        } catch (JsonException e) {
            throw new InvalidValueException(
                    e.getMessage() + "; if a newer xlctl wrote it, use that one");
        }
    }

    private static String checksum(String cluster, String taken, byte[] records) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((cluster + "\n" + taken + "\n").getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest.digest(records));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
