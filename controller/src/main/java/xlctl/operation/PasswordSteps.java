package xlctl.operation;

import java.util.Optional;
import xlctl.plan.Action;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.Passwords;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/** Makes and forgets the passwords that are to take the place of the cluster's. */
final class PasswordSteps {
    private final ClusterStore store;
    private final Journal journal;
    private final AgentCalls calls;

    PasswordSteps(ClusterStore store, Journal journal, AgentCalls calls) {
        this.store = store;
        this.journal = journal;
        this.calls = calls;
    }

    /**
     * @throws SupersededException when someone else took the operation over
     */
    StepResult run(Action.OfPasswords action, Cancellation cancellation) {
        calls.awaitStore(cancellation);
        if (cancellation.isFired()) {
            return StepResult.cancelled("cancelled before it was begun");
        }
        Versioned<ClusterSecrets> now =
                store.secrets()
                        .orElseThrow(
                                () ->
                                        new StoreException.Unreadable(
                                                "the passwords of cluster "
                                                        + store.cluster()
                                                        + " are gone from ZooKeeper; restore"
                                                        + " ZooKeeper's data from a backup",
                                                null));
        if (action instanceof Action.MakePasswords) {
            // Until it has ended nobody was told of them: what lies there may be known from before.
            replaceNext(now, Optional.of(Passwords.generate()));
        } else if (now.value().next().isPresent()) {
            replaceNext(now, Optional.empty());
        }
        return StepResult.done("");
    }

    private void replaceNext(Versioned<ClusterSecrets> now, Optional<Passwords> next) {
        journal.alsoWrite(store.change().replaceSecrets(now.value().withNext(next), now.version()));
    }

    static Problem noNext(ClusterName cluster) {
        return Problem.of(
                "the new passwords of cluster "
                        + cluster
                        + " are gone from ZooKeeper before they were the cluster's",
                "restore ZooKeeper's data from a backup, or give up what was begun: operation"
                        + " rollback");
    }
}
