package xlctl.topology;

import java.util.Map;

/**
 * Which hosts run on the same machine: what one of them says to another does not leave it. A host
 * is a container then, and its place the machine under it.
 *
 * @param known the place of each host that has said so; a host without one shares none
 */
public record Places(Map<HostName, String> known) {
    public static final Places UNKNOWN = new Places(Map.of());

    public Places {
        known = Map.copyOf(known);
    }

    /** Whether two hosts are one, or known to run on the same machine. */
    public boolean together(HostName one, HostName other) {
        String place = known.get(one);
        return one.equals(other) || place != null && place.equals(known.get(other));
    }
}
