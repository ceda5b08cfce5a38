package xlctl.agent.process;

import static java.util.Objects.requireNonNull;

/**
 * One process among all that ever had its number.
 *
 * @param startTicks when the kernel started it, in clock ticks since boot
 * @param boot which boot of the machine that was, and which life of the container in it
 */
public record ProcessIdentity(long pid, long startTicks, String boot) {
    public ProcessIdentity {
        requireNonNull(boot, "boot is null");
    }
}
