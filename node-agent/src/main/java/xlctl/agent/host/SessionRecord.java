package xlctl.agent.host;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.store.Versioned;

/**
 * A record of the store that lives as long as the agent's session, and what was last written to it.
 * One that an earlier session left is replaced by an own one, or it would vanish with that session.
 * Used by one thread.
 */
final class SessionRecord<T> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRecord.class);

    /** How records of one type are read and written. */
    interface Access<T> {
        Optional<Versioned<T>> read(ClusterStore store);

        void create(Change change, T value);

        void replace(Change change, T value, int version);

        void delete(Change change, int version);

        /** Whose the record is, if not this agent's; while they are there it is left to them. */
        default Optional<String> owner(T present) {
            return Optional.empty();
        }
    }

    private final String name;
    private final Access<T> access;
    private Optional<Versioned<T>> written = Optional.empty();
    private String lastTrouble = "";

    /**
     * @param name for messages
     */
    SessionRecord(String name, Access<T> access) {
        this.name = name;
        this.access = access;
    }

    /**
     * Has the store hold this value.
     *
     * @param recheck whether what was written may be gone: the session may be another one
     * @return whether the store holds it now; else it is to be tried again
     */
    boolean publish(ClusterStore store, T value, boolean recheck) {
        if (!recheck && written.filter(last -> last.value().equals(value)).isPresent()) {
            return true;
        }
        return attempt(
                () -> {
                    Optional<Versioned<T>> present = access.read(store);
                    if (present.isPresent() && present.equals(written)) {
                        if (!present.get().value().equals(value)) {
                            int version = present.get().version();
                            Change change = store.change();
                            access.replace(change, value, version);
                            change.commit();
                            written = Optional.of(new Versioned<>(value, version + 1));
                        }
                        return;
                    }
                    Optional<String> other = present.flatMap(left -> access.owner(left.value()));
                    if (other.isPresent()) {
                        throw new StoreException.Denied(other.get(), null);
                    }
                    Change change = store.change();
                    present.ifPresent(left -> access.delete(change, left.version()));
                    access.create(change, value);
                    change.commit();
                    written = Optional.of(new Versioned<>(value, 0));
                });
    }

    /** Has the store hold no such record. */
    boolean withdraw(ClusterStore store) {
        return attempt(
                () -> {
                    Optional<Versioned<T>> present = access.read(store);
                    if (present.isPresent()) {
                        Change change = store.change();
                        access.delete(change, present.get().version());
                        change.commit();
                    }
                    written = Optional.empty();
                });
    }

    private boolean attempt(Runnable work) {
        try {
            work.run();
            lastTrouble = "";
            return true;
        } catch (StoreException.Stale overtaken) {
            written = Optional.empty();
            LOG.debug("{} was changed by someone else", name);
        } catch (StoreException e) {
            String trouble = String.valueOf(e.getMessage());
            boolean closing = Thread.currentThread().isInterrupted();
            if (!closing && !trouble.equals(lastTrouble)) {
                LOG.warn("{} cannot be written: {}", name, trouble);
            }
            lastTrouble = trouble;
        }
        return false;
    }
}
