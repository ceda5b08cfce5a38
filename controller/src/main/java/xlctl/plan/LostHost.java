package xlctl.plan;

import java.util.Optional;
import xlctl.monitor.HostView;
import xlctl.topology.HostName;

/** A host that somebody says is gone for good. */
public final class LostHost {
    private LostHost() {}

    /**
     * Why it is not lost: its agent is heard of.
     *
     * @param view empty where nothing is known of the host
     */
    public static Optional<String> sign(HostName host, Optional<HostView> view) {
        return life(view).map(life -> "host " + host + " is not lost: " + life);
    }

    /** By what its agent is heard of. */
    static Optional<String> life(Optional<HostView> view) {
        if (view.flatMap(HostView::report).isPresent()) {
            return Optional.of("its agent answers");
        }
        return view.flatMap(HostView::presence).isPresent()
                ? Optional.of("its agent is connected to ZooKeeper")
                : Optional.empty();
    }
}
