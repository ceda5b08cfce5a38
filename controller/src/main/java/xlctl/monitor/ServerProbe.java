package xlctl.monitor;

import java.time.Duration;
import xlctl.topology.HostPort;

/** Asks a server itself, for when its agent is silent. Called by many threads. */
@FunctionalInterface
interface ServerProbe {
    /** Takes about as long as the limit at most. */
    ServerAnswer ask(HostPort server, MonitorLogin as, Duration limit);
}
