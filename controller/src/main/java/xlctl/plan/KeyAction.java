package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.agent.api.ControllerKey;
import xlctl.topology.HostName;

/**
 * A part of the replacement of the SSH key by which agents know a home. Only the home that has the
 * key which is replaced can do it: private halves do not leave it.
 */
public sealed interface KeyAction extends Action {
    /** The key that is replaced: it tells homes apart. */
    ControllerKey replaced();

    /** Makes the new key, beside the one in use. */
    record MakeKey(ControllerKey replaced) implements KeyAction {
        public MakeKey {
            requireNonNull(replaced, "replaced is null");
        }
    }

    /** Removes the new key, which agents do not know any more. */
    record DropKey(ControllerKey replaced) implements KeyAction {
        public DropKey {
            requireNonNull(replaced, "replaced is null");
        }

        @Override
        public boolean undoneLast() {
            return true;
        }
    }

    /** Has a host let the new key in, beside those that it lets in. */
    record AdmitKey(HostName host, ControllerKey replaced) implements KeyAction {
        public AdmitKey {
            requireNonNull(host, "host is null");
            requireNonNull(replaced, "replaced is null");
        }

        @Override
        public Optional<HostName> where() {
            return Optional.of(host);
        }
    }

    /** Has a host let the new key in no more. */
    record DismissKey(HostName host, ControllerKey replaced) implements KeyAction {
        public DismissKey {
            requireNonNull(host, "host is null");
            requireNonNull(replaced, "replaced is null");
        }

        @Override
        public Optional<HostName> where() {
            return Optional.of(host);
        }
    }

    /** Logs in to a host with the new key. */
    record TryKey(HostName host, ControllerKey replaced) implements KeyAction {
        public TryKey {
            requireNonNull(host, "host is null");
            requireNonNull(replaced, "replaced is null");
        }

        @Override
        public Optional<HostName> where() {
            return Optional.of(host);
        }

        @Override
        public boolean onlyLooks() {
            return true;
        }
    }

    /** Puts the new key in the place of the one in use, which is kept beside it. */
    record TakeKey(ControllerKey replaced) implements KeyAction {
        public TakeKey {
            requireNonNull(replaced, "replaced is null");
        }
    }

    /** Has a host let a key in no more that this home has used. */
    record WithdrawKey(HostName host, ControllerKey replaced, ControllerKey withdrawn)
            implements KeyAction {
        public WithdrawKey {
            requireNonNull(host, "host is null");
            requireNonNull(replaced, "replaced is null");
            requireNonNull(withdrawn, "withdrawn is null");
        }

        @Override
        public Optional<HostName> where() {
            return Optional.of(host);
        }
    }

    /** Removes the key that was replaced. */
    record ForgetKey(ControllerKey replaced) implements KeyAction {
        public ForgetKey {
            requireNonNull(replaced, "replaced is null");
        }
    }
}
