package xlctl.agent.engine.xl;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.agent.process.ServerProcess;

/**
 * Finds the login that keeps a server of Postgres-XL or OpenTenBase from ever letting anybody in
 * again. A session that begins just when a node is made finds it in {@code pgxc_node}, but not in
 * its caches yet: it fails with "cache lookup failed for node", and while it ends it waits for the
 * lock of the table of nodes, which it has itself ({@code PgxcNodeListAndCount} in both engines'
 * nodemgr.c; seen with Postgres-XL). All others wait for it, too. When one of them is killed, the
 * server starts all its sessions anew, as after a crash.
 */
final class HungLogin {
    private static final Pattern SESSION =
            Pattern.compile("postgres: .*(?:\\(\\d+\\)|\\[local\\]) (.+)");
    private static final String BEGINS = "startup";

    /** Whoever waits for a client, or for one that has not said yet who it is. */
    private static final Set<String> WAITS_FOR_CLIENT =
            Set.of(
                    "idle",
                    "idle in transaction",
                    "idle in transaction (aborted)",
                    "authentication");

    private static final char SLEEPS = 'S';

    private HungLogin() {}

    /**
     * One of the logins that wait, when nobody is left for whom they could wait: no session is at
     * work, waits for another server or for a disk, and no process is stopped. Who waits for a lock
     * of a table or a database says so in its title, and is none of them.
     */
    static Optional<ServerProcess> among(List<ServerProcess> processes) {
        boolean nobodyElse =
                processes.stream().allMatch(process -> process.state() == SLEEPS)
                        && processes.stream()
                                .filter(HungLogin::isAtWork)
                                .allMatch(HungLogin::waitsForAnotherProcess);
        return nobodyElse
                ? processes.stream().filter(process -> BEGINS.equals(activity(process))).findFirst()
                : Optional.empty();
    }

    private static boolean isAtWork(ServerProcess process) {
        String activity = activity(process);
        return !activity.isEmpty() && !WAITS_FOR_CLIENT.contains(activity);
    }

    /** Empty of a process that serves no client. */
    private static String activity(ServerProcess process) {
        Matcher session = SESSION.matcher(process.title());
        return session.matches() ? session.group(1) : "";
    }

    /** Semaphores of System V, or those that are made of futexes. */
    private static boolean waitsForAnotherProcess(ServerProcess process) {
        return process.waitsIn().contains("semtimedop") || process.waitsIn().startsWith("futex");
    }
}
