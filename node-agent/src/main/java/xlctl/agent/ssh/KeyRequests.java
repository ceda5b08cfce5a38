package xlctl.agent.ssh;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.file.DurableFile;
import xlctl.store.HostKeyFingerprint;
import xlctl.text.FileTrouble;
import xlctl.text.TextFile;

/**
 * Admits and withdraws the keys of controllers, in the file that people edit too: every other line
 * stays as it is. Agents that share a file take turns. Anything else is for the next handler.
 */
public final class KeyRequests implements RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRequests.class);
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    /** A lock of a file is the process's: it does not keep threads of it apart. */
    private static final Object ONE_AT_A_TIME = new Object();

    private final AuthorizedKeys keys;
    private final RequestHandler next;

    public KeyRequests(AuthorizedKeys keys, RequestHandler next) {
        this.keys = keys;
        this.next = next;
    }

    @Override
    public Reply handle(Request request, Consumer<String> progress) {
        if (!(request instanceof Request.OfKeys change)) {
            return next.handle(request, progress);
        }
        PublicKey key;
        try {
            key = AuthorizedKeys.key(change.publicKey().openSsh());
        } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
            return Reply.Failed.refused(
                    "this is no public SSH key that this agent could check: "
                            + fingerprint(change.publicKey()),
                    "run the same version of xlctl and its agents");
        }
        try {
            synchronized (ONE_AT_A_TIME) {
                Path file = keys.file().toRealPath();
                try (FileChannel turn = turn(file)) {
                    turn.lock();
                    return change instanceof Request.AdmitKey admit
                            ? admit(file, key, admit)
                            : withdraw(file, key, change.publicKey());
                }
            }
        } catch (IOException e) {
            LOG.warn("the keys in {} cannot be changed: {}", keys.file(), e.toString());
            return Reply.Failed.refused(
                    "the agent cannot change its authorized keys, "
                            + keys.file()
                            + ": "
                            + FileTrouble.of(e),
                    "give the file and its directory to the agent's user");
        }
    }

    private Reply admit(Path file, PublicKey key, Request.AdmitKey request) throws IOException {
        String text = TextFile.read(file);
        String name = fingerprint(request.publicKey());
        if (text.lines().anyMatch(line -> isOf(key, line))) {
            return new Reply.Done("the key " + name + " may come in already");
        }
        String line = request.publicKey() + " xlctl, operation " + request.key().operation() + "\n";
        String before = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        replace(file, before + line);
        LOG.info("the key {} may come in, by {}", name, file);
        return new Reply.Done("the key " + name + " may come in");
    }

    private Reply withdraw(Path file, PublicKey key, ControllerKey withdrawn) throws IOException {
        String text = TextFile.read(file);
        String name = fingerprint(withdrawn);
        Predicate<String> of = line -> isOf(key, line);
        List<String> left = text.lines().filter(of.negate()).toList();
        if (left.size() == text.lines().count()) {
            keys.endOthers();
            return new Reply.Done("the key " + name + " may not come in already");
        }
        if (left.stream().noneMatch(line -> keyOf(line).isPresent())) {
            return Reply.Failed.refused(
                    "nobody could give this agent orders any more without the key "
                            + name
                            + ": it is the last one in "
                            + keys.file(),
                    "add another key there first");
        }
        replace(file, left.stream().map(line -> line + "\n").collect(Collectors.joining()));
        keys.endOthers();
        LOG.info("the key {} may not come in any more, by {}", name, file);
        return new Reply.Done("the key " + name + " may not come in any more");
    }

    /** Who may read it, may still; that others may not write it is what lets keys count at all. */
    private static void replace(Path file, String text) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        DurableFile.write(file, text);
        Files.setPosixFilePermissions(file, permissions);
    }

    /** A file beside it, for the file itself is another one after each change. */
    private static FileChannel turn(Path file) throws IOException {
        return FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE));
    }

    private static boolean isOf(PublicKey key, String line) {
        return keyOf(line).filter(found -> KeyUtils.compareKeys(found, key)).isPresent();
    }

    private static Optional<PublicKey> keyOf(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return Optional.empty();
        }
        try {
            return Optional.of(AuthorizedKeys.key(text));
        } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
            LOG.debug("a line lets nobody in", e);
            return Optional.empty();
        }
    }

    private static String fingerprint(ControllerKey key) {
        return HostKeyFingerprint.of(key.openSsh());
    }
}
