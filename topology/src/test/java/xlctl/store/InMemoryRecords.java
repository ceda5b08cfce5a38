package xlctl.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.Permissions.Right;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

/** The records that the sessions of an in-memory tree share. Guarded by its own monitor. */
final class InMemoryRecords {
    /** One connection's identity and its watches. Compared by identity. */
    static final class Session {
        private final Party party;
        private final WatchThread watches;

        private Session(Party party, WatchThread watches) {
            this.party = party;
            this.watches = watches;
        }

        private String who() {
            return "the " + party.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** {@code access} is empty at the top, where everyone may create. */
    private record Stored(
            byte[] data, int version, Optional<Access> access, Optional<Session> owner) {
        boolean allows(Party party, Right right) {
            if (access.isEmpty()) {
                return Permissions.ofEveryoneAtTop().contains(right);
            }
            boolean asController =
                    party.isController() && Permissions.ofController(access.get()).contains(right);
            return asController
                    || (party.isAgent() && Permissions.ofAgent(access.get()).contains(right));
        }

        Versioned<byte[]> versioned() {
            return new Versioned<>(data.clone(), version);
        }
    }

    private final List<Session> sessions = new ArrayList<>();
    private TreeMap<String, Stored> records = new TreeMap<>();

    synchronized Session open(Party party, WatchThread watches) {
        Session session = new Session(party, watches);
        sessions.add(session);
        return session;
    }

    synchronized void close(Session session) {
        sessions.remove(session);
        List<String> vanished = new ArrayList<>();
        records.forEach(
                (path, stored) -> {
                    if (stored.owner().filter(owner -> owner == session).isPresent()) {
                        vanished.add(path);
                    }
                });
        vanished.forEach(records::remove);
        tell(vanished);
    }

    synchronized void empty() {
        List<String> vanished = List.copyOf(records.keySet());
        records = new TreeMap<>();
        tell(vanished);
    }

    synchronized Optional<Versioned<byte[]>> read(Session session, String path) {
        Optional<Stored> found = Optional.ofNullable(records.get(path));
        found.ifPresent(stored -> require(session, stored, Right.READ, "read", path));
        return found.map(Stored::versioned);
    }

    synchronized Map<String, Versioned<byte[]>> children(Session session, String path) {
        Optional.ofNullable(records.get(path))
                .ifPresent(stored -> require(session, stored, Right.READ, "list", path));
        Map<String, Versioned<byte[]>> children = new TreeMap<>();
        records.subMap(path + "/", path + "0")
                .forEach(
                        (childPath, child) -> {
                            if (RecordPaths.parent(childPath).equals(path)) {
                                require(session, child, Right.READ, "read", childPath);
                                children.put(
                                        childPath.substring(path.length() + 1), child.versioned());
                            }
                        });
        return children;
    }

    synchronized void write(Session session, List<Write> writes) {
        Attempt attempt = new Attempt(session);
        writes.forEach(attempt::apply);
        records = attempt.after;
        tell(attempt.changed);
    }

    private void tell(Iterable<String> changed) {
        for (Session session : sessions) {
            changed.forEach(session.watches::changed);
        }
    }

    private static void require(
            Session session, Stored stored, Right right, String doing, String path) {
        if (!stored.allows(session.party, right)) {
            throw Refusals.denied(doing, path, session.who(), null);
        }
    }

    /** Writes applied to a copy, which replaces the records only when all of them succeeded. */
    private final class Attempt {
        private final Session session;
        private final TreeMap<String, Stored> after = new TreeMap<>(records);
        private final Set<String> changed = new LinkedHashSet<>();

        Attempt(Session session) {
            this.session = session;
        }

        void apply(Write write) {
            if (write instanceof Create create) {
                create(create);
            } else if (write instanceof Replace replace) {
                replace(replace);
            } else if (write instanceof Delete delete) {
                delete(delete);
            } else if (write instanceof Check check) {
                Stored stored = present(check);
                require(session, stored, Right.READ, Refusals.verb(check), check.path());
                requireVersion(check, stored, check.version());
            } else if (write instanceof CheckOwn own) {
                Stored stored = present(own);
                if (stored.owner().filter(owner -> owner == session).isEmpty()) {
                    throw Refusals.notOwn(own);
                }
                requireVersion(own, stored, own.version());
            }
        }

        private void create(Create create) {
            makeParents(create);
            requireOnParent(create, Right.CREATE_BELOW);
            Stored found = after.get(create.path());
            if (found != null) {
                throw Refusals.exists(create, found.version(), null);
            }
            put(
                    create.path(),
                    new Stored(
                            create.data().clone(),
                            0,
                            access(create.path(), create.access()),
                            create.lifetime() == Lifetime.SESSION
                                    ? Optional.of(session)
                                    : Optional.empty()));
        }

        private void makeParents(Create create) {
            List<String> missing = new ArrayList<>();
            String path = RecordPaths.parent(create.path());
            while (!path.isEmpty() && !after.containsKey(path)) {
                missing.add(0, path);
                path = RecordPaths.parent(path);
            }
            if (!missing.isEmpty() && !session.party.isController()) {
                throw Refusals.notPrepared(create, missing.get(0), session.who());
            }
            for (String parent : missing) {
                Optional<Access> access = access(parent, create.access());
                put(parent, new Stored(new byte[0], 0, access, Optional.empty()));
            }
        }

        private void replace(Replace replace) {
            Stored found = present(replace);
            require(session, found, Right.WRITE, "replace", replace.path());
            requireVersion(replace, found, replace.version());
            put(
                    replace.path(),
                    new Stored(
                            replace.data().clone(),
                            found.version() + 1,
                            found.access(),
                            found.owner()));
        }

        private void delete(Delete delete) {
            Stored found = present(delete);
            requireOnParent(delete, Right.DELETE_BELOW);
            requireVersion(delete, found, delete.version());
            String next = after.higherKey(delete.path() + "/");
            if (next != null && next.startsWith(delete.path() + "/")) {
                throw Refusals.notEmpty(delete, null);
            }
            after.remove(delete.path());
            changed.add(delete.path());
        }

        private Stored present(Write write) {
            Stored found = after.get(write.path());
            if (found == null) {
                throw Refusals.absent(write, null);
            }
            return found;
        }

        private void requireVersion(Write write, Stored found, int version) {
            if (found.version() != version) {
                throw Refusals.otherVersion(write, found.version(), null);
            }
        }

        private void requireOnParent(Write write, Right right) {
            String parent = RecordPaths.parent(write.path());
            if (!parent.isEmpty()) {
                require(session, after.get(parent), right, Refusals.verb(write), write.path());
            }
        }

        private void put(String path, Stored stored) {
            after.put(path, stored);
            changed.add(path);
        }

        private Optional<Access> access(String path, Access wanted) {
            return Permissions.isTop(path) ? Optional.empty() : Optional.of(wanted);
        }
    }
}
