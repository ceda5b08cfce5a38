package xlctl.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

/**
 * Writes as one ZooKeeper transaction. It may be sent again after its answer was lost; what it
 * learned before the first sending stays. Used by one thread.
 */
final class ZooKeeperTransaction {
    private static final int RACES_FOR_PARENTS = 10;

    /** One operation, for a write itself or for a parent that its record lacks. */
    private record Part(Op operation, Write write, boolean isParent) {}

    private final List<Write> writes;
    private final Identity identity;
    private final Map<String, Long> creationsBefore = new HashMap<>();
    private boolean sent;

    ZooKeeperTransaction(List<Write> writes, Identity identity) {
        this.writes = writes;
        this.identity = identity;
    }

    /** Whether it left this process, so that it may have taken place. */
    boolean sent() {
        return sent;
    }

    /**
     * @throws StoreException when it did not take place
     * @throws KeeperException when it may have taken place: the connection or the session was lost
     */
    void send(ZooKeeper session) throws KeeperException, InterruptedException {
        if (!sent) {
            rememberWhatIsDeleted(session);
        }
        for (int race = 1; ; race++) {
            List<Part> parts = parts(session);
            try {
                sent = true;
                session.multi(parts.stream().map(Part::operation).toList());
                return;
            } catch (KeeperException e) {
                Optional<Part> failed = failed(e, parts);
                boolean parentsDiffer = failed.isPresent() && parentsDiffer(e, failed.get());
                if (!parentsDiffer || race == RACES_FOR_PARENTS) {
                    throw failed.isPresent() ? refusal(e, failed.get().write(), session) : e;
                }
            }
        }
    }

    /** Finds out whether an earlier sending took place. */
    LostWrite.Verdict verdict(ZooKeeper session) throws KeeperException, InterruptedException {
        List<LostWrite.Trace> traces = new ArrayList<>();
        for (Write write : writes) {
            traces.add(
                    new LostWrite.Trace(
                            write,
                            found(session, write.path()),
                            Optional.ofNullable(creationsBefore.get(write.path()))));
        }
        return LostWrite.judge(traces);
    }

    private static Optional<LostWrite.Found> found(ZooKeeper session, String path)
            throws KeeperException, InterruptedException {
        try {
            Stat stat = new Stat();
            byte[] data = session.getData(path, false, stat);
            return Optional.of(new LostWrite.Found(data, stat.getVersion(), stat.getCzxid()));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    private void rememberWhatIsDeleted(ZooKeeper session)
            throws KeeperException, InterruptedException {
        for (Write write : writes) {
            if (write instanceof Delete) {
                Stat stat = session.exists(write.path(), false);
                if (stat != null) {
                    creationsBefore.put(write.path(), stat.getCzxid());
                }
            }
        }
    }

    /** The writes, each after the parents it lacks. */
    private List<Part> parts(ZooKeeper session) throws KeeperException, InterruptedException {
        List<Part> parts = new ArrayList<>();
        Set<String> there = new HashSet<>(Set.of(""));
        for (Write write : writes) {
            if (write instanceof Create create) {
                for (String parent : missingParents(create, there, session)) {
                    Op operation =
                            Op.create(
                                    parent,
                                    new byte[0],
                                    AccessLists.of(parent, create.access(), identity),
                                    CreateMode.PERSISTENT);
                    parts.add(new Part(operation, write, true));
                    there.add(parent);
                }
                there.add(create.path());
            }
            parts.add(new Part(operation(write, session), write, false));
        }
        return parts;
    }

    private List<String> missingParents(Create create, Set<String> there, ZooKeeper session)
            throws KeeperException, InterruptedException {
        List<String> missing = new ArrayList<>();
        String path = RecordPaths.parent(create.path());
        while (!there.contains(path) && !exists(session, path)) {
            missing.add(0, path);
            path = RecordPaths.parent(path);
        }
        there.add(path);
        if (!missing.isEmpty() && !identity.isController()) {
            throw Refusals.notPrepared(create, missing.get(0), identity.user());
        }
        return missing;
    }

    private static boolean exists(ZooKeeper session, String path)
            throws KeeperException, InterruptedException {
        try {
            return session.exists(path, false) != null;
        } catch (KeeperException.NoAuthException e) {
            return true;
        }
    }

    private Op operation(Write write, ZooKeeper session)
            throws KeeperException, InterruptedException {
        if (write instanceof Create create) {
            return Op.create(
                    create.path(),
                    create.data(),
                    AccessLists.of(create.path(), create.access(), identity),
                    create.lifetime() == Lifetime.SESSION
                            ? CreateMode.EPHEMERAL
                            : CreateMode.PERSISTENT);
        }
        if (write instanceof Replace replace) {
            return Op.setData(replace.path(), replace.data(), replace.version());
        }
        if (write instanceof Delete delete) {
            return Op.delete(delete.path(), delete.version());
        }
        if (write instanceof Check check) {
            return Op.check(check.path(), check.version());
        }
        CheckOwn own = (CheckOwn) write;
        Stat stat = session.exists(own.path(), false);
        if (stat == null) {
            throw Refusals.absent(own, null);
        }
        // Nothing of this session is carried out once it has ended, and its records end with it: so
        // this stays true until the transaction is carried out, or that fails.
        if (stat.getEphemeralOwner() != session.getSessionId()) {
            throw Refusals.notOwn(own);
        }
        return Op.check(own.path(), own.version());
    }

    /** Whether a parent that was missing is there now, or one that was there is not. */
    private static boolean parentsDiffer(KeeperException e, Part failed) {
        return failed.isParent()
                ? e.code() == KeeperException.Code.NODEEXISTS
                : failed.write() instanceof Create && e.code() == KeeperException.Code.NONODE;
    }

    /** Throws what was refused, gives back what is something else. */
    private KeeperException refusal(KeeperException e, Write write, ZooKeeper session)
            throws KeeperException, InterruptedException {
        if (e.code() == KeeperException.Code.NOAUTH) {
            throw Refusals.denied(Refusals.verb(write), write.path(), identity.user(), e);
        }
        Stat stat = session.exists(write.path(), false);
        return switch (e.code()) {
            case NODEEXISTS ->
                    throw Refusals.exists(write, stat == null ? 0 : stat.getVersion(), e);
            case NONODE -> throw Refusals.absent(write, e);
            case BADVERSION ->
                    throw stat == null
                            ? Refusals.absent(write, e)
                            : Refusals.otherVersion(write, stat.getVersion(), e);
            case NOTEMPTY -> throw Refusals.notEmpty(write, e);
            default -> e;
        };
    }

    /** What ZooKeeper refused; empty when it did not say, as on a lost connection. */
    private static Optional<Part> failed(KeeperException e, List<Part> parts) {
        List<OpResult> results = Optional.ofNullable(e.getResults()).orElse(List.of());
        for (int at = 0; at < results.size(); at++) {
            if (results.get(at) instanceof OpResult.ErrorResult error
                    && error.getErr() != KeeperException.Code.OK.intValue()
                    && error.getErr() != KeeperException.Code.RUNTIMEINCONSISTENCY.intValue()) {
                return Optional.of(parts.get(at));
            }
        }
        return Optional.empty();
    }
}
