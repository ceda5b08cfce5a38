package xlctl.agent.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.text.TextFile;

/**
 * Who may come in: the keys of a file in the form of OpenSSH's {@code authorized_keys}, read again
 * when it changes. The name somebody logs in under plays no part. A line that cannot be obeyed to
 * the letter lets nobody in; the others count.
 */
public final class AuthorizedKeys implements PublickeyAuthenticator {
    static {
        Ed25519.provide();
    }

    private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);

    /** Options that ask for no more than what this server refuses to everybody. */
    private static final Set<String> ALREADY_SO =
            Set.of(
                    "restrict",
                    "no-pty",
                    "no-port-forwarding",
                    "no-agent-forwarding",
                    "no-x11-forwarding",
                    "no-user-rc");

    private final Path file;

    // Guarded by this.
    private List<PublicKey> keys = List.of();
    private String seen = "";
    private final Map<ServerSession, PublicKey> sessions = new WeakHashMap<>();

    public AuthorizedKeys(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    @Override
    public synchronized boolean authenticate(
            String user, PublicKey offered, ServerSession session) {
        boolean known = current().stream().anyMatch(key -> KeyUtils.compareKeys(key, offered));
        if (known) {
            sessions.put(session, offered);
        }
        return known;
    }

    /** Ends the connections of those whose key does not count any more. */
    synchronized void endOthers() {
        List<PublicKey> left = current();
        sessions.entrySet().stream()
                .filter(each -> left.stream().noneMatch(key -> same(key, each.getValue())))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(
                        session -> {
                            LOG.info("a connection ends, for its key was withdrawn");
                            sessions.remove(session);
                            session.close(true);
                        });
    }

    private static boolean same(PublicKey one, PublicKey other) {
        return KeyUtils.compareKeys(one, other);
    }

    private List<PublicKey> current() {
        try {
            PosixFileAttributes found = Files.readAttributes(file, PosixFileAttributes.class);
            String state =
                    found.lastModifiedTime()
                            + " "
                            + found.size()
                            + " "
                            + found.fileKey()
                            + " "
                            + found.permissions();
            if (!state.equals(seen)) {
                keys = read(found);
                seen = state;
                LOG.info("{} keys may come in, by {}", keys.size(), file);
            }
        } catch (IOException e) {
            keys = List.of();
            if (!seen.equals("unreadable")) {
                seen = "unreadable";
                LOG.warn(
                        "nobody may come in: the keys in {} cannot be read: {}",
                        file,
                        e.toString());
            }
        }
        return keys;
    }

    private List<PublicKey> read(PosixFileAttributes found) throws IOException {
        if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            LOG.warn("no key counts: others may write {}; run: chmod go-w {}", file, file);
            return List.of();
        }
        List<PublicKey> read = new ArrayList<>();
        List<String> lines = TextFile.read(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                read.add(key(line));
            } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
                LOG.warn(
                        "{}:{}:{}: this line lets nobody in: {}",
                        file,
                        i + 1,
                        1 + lines.get(i).indexOf(line),
                        e.getMessage());
            }
        }
        return List.copyOf(read);
    }

    /**
     * The key of a line that is neither empty nor a comment.
     *
     * @throws IllegalArgumentException when the line lets nobody in
     */
    static PublicKey key(String line) throws IOException, GeneralSecurityException {
        AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
        for (String option : entry.getLoginOptions().keySet()) {
            if (!ALREADY_SO.contains(option.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "the option " + option + " is none that this agent can keep to");
            }
        }
        PublicKey key = entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
        if (key == null) {
            throw new IllegalArgumentException("no public key in OpenSSH's form");
        }
        return key;
    }
}
