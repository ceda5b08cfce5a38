package xlctl.plan;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.monitor.EmptiedStore;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.topology.Problem;

/** Turns a command and what was observed into a plan, or into all the reasons why not. Pure. */
public final class Planner {
    private Planner() {}

    public static Planned plan(Command command, Observation seen) {
        List<Refusal> busy = busy(command, seen);
        Planned planned = planIdle(command, seen);
        if (busy.isEmpty()) {
            return planned;
        }
        List<Refusal> all = new ArrayList<>(busy);
        all.addAll(planned.refusals());
        return Planned.refused(all);
    }

    /** That someone else may change the cluster now. */
    public static Problem heldBy(LockHolder holder) {
        return Problem.of(
                "the cluster is being changed by "
                        + holder.who()
                        + " from "
                        + holder.from()
                        + " since "
                        + holder.since().truncatedTo(ChronoUnit.SECONDS)
                        + ": "
                        + holder.doing(),
                "wait until that ends; the lock of a shell that died goes away by itself after its"
                        + " session timeout");
    }

    private static Planned planIdle(Command command, Observation seen) {
        String title = command.toString();
        if (command instanceof Command.AddNode add) {
            return new AddNodePlanner(title, add, seen).plan();
        }
        if (command instanceof Command.RemoveNode remove) {
            return new RemoveNodePlanner(title, remove, seen).plan();
        }
        if (command instanceof Command.RemoveLost remove) {
            return new RemoveLostPlanner(title, remove, seen).plan();
        }
        if (command instanceof Command.Start start) {
            return new MembersPlanner(title, start.target(), seen).start();
        }
        if (command instanceof Command.Stop stop) {
            StopMode mode = stop.mode();
            return new MembersPlanner(title, stop.target(), seen).stop(mode);
        }
        if (command instanceof Command.Reconnect reconnect) {
            return new MembersPlanner(title, reconnect.target(), seen).reconnect();
        }
        if (command instanceof Command.CreateDatabase create) {
            return new SqlObjectsPlanner(title, create.through(), seen).database(create);
        }
        if (command instanceof Command.CreateUser create) {
            return new SqlObjectsPlanner(title, create.through(), seen).role(create);
        }
        if (command instanceof Command.ForgetHost forget) {
            return new ForgetHostPlanner(forget, seen).plan();
        }
        if (command instanceof Command.RotateCertificates rotate) {
            return new CertificatesPlanner(rotate, seen).plan();
        }
        if (command instanceof Command.RotateKeys rotate) {
            return new KeysPlanner(rotate, seen).plan();
        }
        if (command instanceof Command.RotatePasswords rotate) {
            return new PasswordsPlanner(rotate, seen).plan();
        }
        Command.Kill kill = (Command.Kill) command;
        return new MembersPlanner(title, kill.target(), seen).kill();
    }

    /**
     * Nothing else may change the cluster while someone has the lock or an operation is open, and
     * nothing at all while its records are lost.
     */
    private static List<Refusal> busy(Command command, Observation seen) {
        List<Refusal> refusals = new ArrayList<>();
        EmptiedStore.of(seen.founded(), seen.hosts().values())
                .ifPresent(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        seen.lock()
                .ifPresent(
                        holder -> refusals.add(new Refusal(heldBy(holder), Refusal.Kind.REFUSED)));
        for (OperationHeader open : seen.openOperations()) {
            refusals.add(
                    Refusal.refused(
                            "operation "
                                    + open.number()
                                    + " is open: "
                                    + open.command()
                                    + ", begun by "
                                    + open.who()
                                    + " from "
                                    + open.from()
                                    + " at "
                                    + open.started().truncatedTo(ChronoUnit.SECONDS),
                            seen.lock().isPresent()
                                    ? "wait until it ends"
                                    : remedyFor(open, without(command, seen))));
        }
        return refusals;
    }

    /** What goes on with an operation that may be waiting for the hosts of a lost member. */
    private static String without(Command command, Observation seen) {
        List<String> hosts =
                command instanceof Command.RemoveLost lost
                        ? seen.topology().node(lost.name()).stream()
                                .flatMap(node -> node.instances().stream())
                                .map(instance -> instance.host().value())
                                .distinct()
                                .toList()
                        : List.of();
        return hosts.isEmpty() ? "" : " --lost " + String.join(" ", hosts);
    }

    private static String remedyFor(OperationHeader open, String without) {
        String resume = "operation resume " + open.number() + without;
        String rollback = "operation rollback " + open.number() + without;
        return switch (open.state()) {
            case STUCK -> resume;
            case UNDOING -> rollback;
            default ->
                    resume + "; operation show " + open.number() + " says whether rollback will do";
        };
    }
}
