package xlctl.agent.engine.postmaster;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why initdb failed, as far as its words tell, and what can be done about it. */
enum InitdbFailure {
    // It says "No space left on device", too, and means no disk.
    SHARED_MEMORY(
            "the kernel gives no more System V shared memory; it is not the disk: ipcs -m lists who has"
                    + " it, ipcrm -m ID frees what servers that are gone left behind (nattch 0),"
                    + " kernel.shmmni and kernel.shmall limit it",
            "shmget|shared memory segment"),
    SEMAPHORES(
            "the kernel gives no more System V semaphores; it is not the disk: ipcs -s lists who has"
                    + " them, ipcrm -s ID frees what servers that are gone left behind, kernel.sem"
                    + " limits them",
            "semget|could not create semaphores"),
    MEMORY(
            "see that the host has memory left, and that no limit of the agent's service is too low",
            "Cannot allocate memory|[Oo]ut of memory"),
    DISK(
            "see that the disk has space, and no quota or limit of file sizes is reached",
            "No space left on device|Disk quota exceeded|File too large"),
    PERMISSION(
            "see that the agent's user may write there",
            "Permission denied|Read-only file system|Operation not permitted"),
    /** What is to be done its own words must say. */
    OTHER("", "");

    private static final int LINES = 3;

    /** It is told not to tidy up. */
    private static final Pattern OF_TIDYING_UP =
            Pattern.compile("not removed at user's request|Mistakes will not be cleaned up");

    private final String remedy;
    private final Pattern sign;

    InitdbFailure(String remedy, String sign) {
        this.remedy = remedy;
        this.sign = Pattern.compile(sign);
    }

    String remedy() {
        return remedy;
    }

    /** The first of them that the output of initdb speaks of. */
    static InitdbFailure of(String output) {
        return Stream.of(values())
                .filter(failure -> failure.sign.matcher(output).find())
                .findFirst()
                .orElse(OTHER);
    }

    /** Its server's last words, which what it says of tidying up follows; without them its own. */
    static String reason(ProgramRun run) {
        List<String> said =
                run.output().lines().filter(line -> !OF_TIDYING_UP.matcher(line).find()).toList();
        List<String> fatal =
                said.stream()
                        .dropWhile(line -> !line.contains("FATAL:") && !line.contains("PANIC:"))
                        .limit(LINES)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return fatal.isEmpty()
                ? new ProgramRun(run.exitCode(), String.join("\n", said)).conclusion()
                : String.join(" | ", fatal);
    }
}
