package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.Port;
import xlctl.topology.Problem;

/**
 * What planning needs to know of the Swarm.
 *
 * @param unusable why no service can be made here: no Docker, no Swarm, not a manager, no networks
 *     or secrets of the cluster, no image
 * @param nodes the machines of the Swarm
 * @param members services of the cluster by their host, with the Swarm nodes that they may run on
 *     or do
 * @param foreignServices names in the cluster's form that belong to someone else
 * @param volumes names in the cluster's form that are on this Docker engine, whoever's they are
 */
public record SwarmView(
        List<Problem> unusable,
        List<SwarmNode> nodes,
        Map<HostName, Member> members,
        List<String> foreignServices,
        List<String> volumes) {

    /**
     * A service that is there.
     *
     * @param node the hostname of the Swarm node that its task runs on
     * @param published the Swarm node's port on which clients reach it
     */
    public record Member(HostName host, Optional<String> node, Optional<Port> published) {
        public Member {
            requireNonNull(host, "host is null");
            requireNonNull(node, "node is null");
            requireNonNull(published, "published is null");
        }

        /** One without a published port. */
        public Member(HostName host, Optional<String> node) {
            this(host, node, Optional.empty());
        }
    }

    public SwarmView {
        unusable = List.copyOf(unusable);
        nodes = List.copyOf(nodes);
        members = Map.copyOf(members);
        foreignServices = List.copyOf(foreignServices);
        volumes = List.copyOf(volumes);
    }

    /** As this will be once another service is there. */
    public SwarmView with(Member member) {
        Map<HostName, Member> more = new HashMap<>(members);
        more.put(member.host(), member);
        return new SwarmView(unusable, nodes, more, foreignServices, volumes);
    }

    /** Where nothing can be asked. */
    public static SwarmView unusable(Problem why) {
        return new SwarmView(List.of(why), List.of(), Map.of(), List.of(), List.of());
    }
}
