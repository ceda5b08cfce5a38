package xlctl.agent.host;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import xlctl.agent.process.ServerProcess;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * Ends the login that keeps a server from letting anybody in, once it was seen to wait for a while:
 * the server then starts all its sessions anew. One thread.
 */
final class HungLogins {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** Looks in a row at which it is the same login. */
    private static final int SURE = 4;

    private final Map<InstanceName, Watch> watches = new HashMap<>();

    /**
     * @param next by {@link System#nanoTime}
     * @param present processes of the server at the last look
     * @param suspect the login that was found hung, at so many looks in a row
     */
    private record Watch(long next, Set<Long> present, Optional<Long> suspect, int looks) {
        static Watch begin(long now) {
            return new Watch(now, Set.of(), Optional.empty(), 0);
        }

        Watch after(long now, List<ServerProcess> processes, Optional<Long> hung) {
            int same = hung.equals(suspect) ? looks + 1 : 1;
            return new Watch(
                    now + LOOK_AGAIN.toNanos(),
                    processes.stream().map(ServerProcess::pid).collect(Collectors.toSet()),
                    hung,
                    hung.isPresent() ? same : 0);
        }
    }

    /**
     * @return that a login was ended; empty as a rule
     */
    Optional<Problem> look(HostedInstance instance) {
        InstanceName name = instance.name();
        if (!instance.alive() || !instance.record().shouldRun() || !instance.seenShut()) {
            watches.remove(name);
            return Optional.empty();
        }
        long now = System.nanoTime();
        Watch before = watches.getOrDefault(name, Watch.begin(now));
        if (now - before.next() < 0) {
            return Optional.empty();
        }
        List<ServerProcess> processes = instance.processes();
        Optional<Long> hung =
                instance.hungLogin(
                                processes.stream()
                                        .filter(process -> before.present().contains(process.pid()))
                                        .toList())
                        .map(ServerProcess::pid);
        Watch after = before.after(now, processes, hung);
        watches.put(name, after);
        if (after.looks() < SURE) {
            return Optional.empty();
        }
        watches.remove(name);
        instance.killOne(hung.orElseThrow());
        return Optional.of(
                Problem.of(
                        name
                                + " let nobody in: a login, process "
                                + hung.get()
                                + ", waited for itself; it was ended, and the server starts its"
                                + " sessions anew",
                        "nothing, if it answers again; statements that were under way are to be"
                                + " repeated"));
    }

    void forgetIf(Predicate<InstanceName> gone) {
        watches.keySet().removeIf(gone);
    }
}
