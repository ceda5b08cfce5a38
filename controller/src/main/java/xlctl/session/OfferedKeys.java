package xlctl.session;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Accepts at most one key, and remembers what was offered. For one connection. JSch's interface
 * forces the methods that change keys; with strict checking JSch does not call them.
 */
final class OfferedKeys implements HostKeyRepository {
    private final Optional<String> accepted;
    private volatile Optional<String> offered = Optional.empty();

    private OfferedKeys(Optional<String> accepted) {
        this.accepted = accepted;
    }

    static OfferedKeys accepting(String hostKey) {
        return new OfferedKeys(Optional.of(hostKey));
    }

    static OfferedKeys acceptingNone() {
        return new OfferedKeys(Optional.empty());
    }

    /** In OpenSSH's public form; empty before the server showed one. */
    Optional<String> offered() {
        return offered;
    }

    @Override
    public int check(String host, byte[] key) {
        String openSsh = typeOf(key) + " " + Base64.getEncoder().encodeToString(key);
        offered = Optional.of(openSsh);
        if (accepted.isEmpty()) {
            return NOT_INCLUDED;
        }
        return accepted.get().equals(openSsh) ? OK : CHANGED;
    }

    private static String typeOf(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key);
        byte[] type = new byte[Math.max(0, Math.min(buffer.getInt(), buffer.remaining()))];
        buffer.get(type);
        return new String(type, StandardCharsets.US_ASCII);
    }

    @Override
    public void add(HostKey hostKey, UserInfo user) {
        throw new UnsupportedOperationException("keys are accepted when a host is registered");
    }

    @Override
    public void remove(String host, String type) {
        throw new UnsupportedOperationException("keys are accepted when a host is registered");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new UnsupportedOperationException("keys are accepted when a host is registered");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return "the cluster's registered hosts";
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String host, String type) {
        return new HostKey[0];
    }
}
