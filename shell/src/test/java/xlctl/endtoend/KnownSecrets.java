package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.store.Backup;
import xlctl.store.ClusterSecrets;
import xlctl.store.IdentityFile;
import xlctl.topology.ClusterName;

/** Every secret of a running cluster, by a name that can be told, to be searched for. */
final class KnownSecrets {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile(
                    "-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END [A-Z ]*PRIVATE KEY-----",
                    Pattern.DOTALL);

    private static final Pattern VERIFIER = Pattern.compile("SCRAM-SHA-256\\$[^\"\\\\]+");

    /** Lines of a key that others have in common with it are shorter, or its first. */
    private static final int TELLING = 40;

    /** Inside data directories, and ZooKeeper's own: verifiers, mappings and records live there. */
    private static final Pattern DATABASE =
            Pattern.compile(
                    ".*/data/[^/]+/(base|global|pg_wal|pg_xact)/.*|.*/zookeeper/.*version-2/.*");

    /** Files that are there to hold a secret. */
    private static final Pattern MEANT =
            Pattern.compile(
                    ".*/(zookeeper-identity|agent-identity|identity|pgpass|[^/]*\\.pgpass|ssh-key|password)"
                            + "|.*/instances/[^/]+/secrets\\.json|.*/tls/[^/]+\\.pem|.*/ssh_host_ed25519_key");

    private final Map<String, String> values = new TreeMap<>();

    KnownSecrets with(String name, String value) {
        values.put(value, name);
        return this;
    }

    KnownSecrets withBackup(Path file, ClusterName cluster) throws Exception {
        return withBackupOfPasswords(file, cluster)
                .with(
                        "the CA's key",
                        secretsIn(file, cluster).authority().orElseThrow().key().reveal());
    }

    private static ClusterSecrets secretsIn(Path file, ClusterName cluster) throws Exception {
        return Backup.read(Files.readString(file), file.toString(), cluster).records().secrets();
    }

    /** Of what a backup has, what is replaced by other passwords. */
    KnownSecrets withBackupOfPasswords(Path file, ClusterName cluster) throws Exception {
        ClusterSecrets secrets = secretsIn(file, cluster);
        with("the superuser's password", secrets.superuser().reveal());
        with("the internal roles' password", secrets.internal().reveal());
        with("the monitor's password", secrets.monitor().reveal());
        return with("the client's password", secrets.client().reveal());
    }

    KnownSecrets withIdentity(Path file) {
        return with("the identity in " + file, IdentityFile.read(file).password().reveal());
    }

    /** Of every private key below a directory, the lines that no other key has. */
    KnownSecrets withKeysBelow(Path directory) throws Exception {
        for (Path file : files(directory)) {
            if (file.toString().matches(".*\\.(jar|jsa)")) {
                continue;
            }
            Matcher key = PRIVATE_KEY.matcher(Files.readString(file, ISO_8859_1));
            while (key.find()) {
                key.group(1)
                        .lines()
                        .skip(2)
                        .filter(line -> line.length() >= TELLING)
                        .forEach(line -> with("the key in " + file, line));
            }
        }
        return this;
    }

    /** What is secret of verifiers as {@code pg_authid} has them, one in a line. */
    KnownSecrets withVerifiers(String server, String verifiers) {
        verifiers
                .lines()
                .filter(line -> line.startsWith("SCRAM-SHA-256$"))
                .forEach(
                        line -> {
                            String[] keys = line.substring(line.lastIndexOf('$') + 1).split(":");
                            with("a stored key of " + server, keys[0]);
                            with("a server key of " + server, keys[1]);
                        });
        return this;
    }

    /** Those that agents keep for their servers; nothing is brought out for that. */
    KnownSecrets withVerifiersKeptBelow(Path directory) throws Exception {
        for (Path file : files(directory)) {
            if (file.endsWith("secrets.json")) {
                Matcher verifier = VERIFIER.matcher(Files.readString(file));
                while (verifier.find()) {
                    withVerifiers(file.toString(), verifier.group());
                }
            }
        }
        return this;
    }

    /** All of others, too. */
    KnownSecrets with(KnownSecrets others) {
        values.putAll(others.values);
        return this;
    }

    long count(String name) {
        return values.values().stream().filter(each -> each.startsWith(name)).count();
    }

    /** The names of those in it. */
    List<String> in(String text) {
        return values.entrySet().stream()
                .filter(secret -> text.contains(secret.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    List<String> in(Path file) throws Exception {
        return in(new String(Files.readAllBytes(file), UTF_8));
    }

    static boolean isInADatabase(Path file) {
        return DATABASE.matcher(file.toString()).matches();
    }

    /**
     * Files that have one of them and are not there for it, or that others may read.
     *
     * @param top the directory below which modes count
     */
    List<String> outOfPlace(List<Path> files, Path top) throws Exception {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> has = Files.exists(file) ? in(file) : List.of();
            boolean meant = MEANT.matcher(file.toString()).matches() || isInADatabase(file);
            if (!has.isEmpty() && !(meant && isClosedToOthers(file, top))) {
                found.add(file + " has " + has);
            }
        }
        return found;
    }

    /** By its own mode, or by that of a directory above it. */
    private static boolean isClosedToOthers(Path file, Path top) throws IOException {
        for (Path at = file; !at.equals(top); at = at.getParent()) {
            if (PosixFilePermissions.toString(Files.getPosixFilePermissions(at))
                    .endsWith("------")) {
                return true;
            }
        }
        return false;
    }

    static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).filter(Files::isReadable).toList();
        }
    }
}
