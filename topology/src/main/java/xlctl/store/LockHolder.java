package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Who may change the cluster now.
 *
 * @param who the person, as the operating system names them
 * @param from the host and process of the shell
 * @param doing the command, without secrets
 */
public record LockHolder(String who, String from, String doing, Instant since) {
    public LockHolder {
        requireNonNull(who, "who is null");
        requireNonNull(from, "from is null");
        requireNonNull(doing, "doing is null");
        requireNonNull(since, "since is null");
    }
}
