package xlctl.agent.host;

import java.util.List;
import java.util.stream.Stream;
import xlctl.agent.api.Leftover;
import xlctl.topology.Problem;

/**
 * How far the instances of a host match the topology.
 *
 * @param version the version of it that all of them match which run, -1 for none
 * @param obstacles what keeps them from matching a newer one, or from matching it still
 * @param leftovers what users still use of nodes that are gone; it keeps nothing from matching
 */
record Standing(int version, List<Problem> obstacles, List<Leftover> leftovers) {
    static final Standing NONE = new Standing(InstanceRecord.NEVER, List.of(), List.of());

    Standing {
        obstacles = List.copyOf(obstacles);
        leftovers = List.copyOf(leftovers);
    }

    List<Problem> problems() {
        return Stream.concat(obstacles.stream(), leftovers.stream().map(Leftover::problem))
                .toList();
    }
}
