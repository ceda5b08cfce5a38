package xlctl.shell.answer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import xlctl.monitor.MemberView;
import xlctl.swarm.SwarmNames;
import xlctl.swarm.SwarmReport;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;

/**
 * {@code swarm status}.
 *
 * @param docker the version of the engine that was asked, and its machine
 * @param healthy whether every service runs, and every member as wanted where members are known
 * @param membersUnknown why members are not known here; empty when they are
 * @param volumes those on this machine
 * @param keys secrets and configs, each with its type
 */
public record SwarmAnswer(
        String cluster,
        String docker,
        boolean healthy,
        Optional<String> membersUnknown,
        List<Service> services,
        List<Network> networks,
        List<Machine> machines,
        List<String> volumes,
        List<String> keys,
        List<Problem> warnings)
        implements Answer {
    /**
     * A service.
     *
     * @param node the machine that its task is on
     * @param state of its task in Docker's words; none where it has no task
     * @param since since when it is in that state
     * @param trouble why it does not run
     */
    public record Service(
            String name,
            String part,
            String image,
            Optional<String> node,
            String state,
            boolean running,
            Optional<Instant> since,
            Optional<String> trouble,
            List<Member> members) {
        public Service {
            members = List.copyOf(members);
        }
    }

    /**
     * A member in a service.
     *
     * @param state {@code running}, {@code degraded} or {@code not running}
     */
    public record Member(String node, String state) {
        @Override
        public String toString() {
            return node + " " + state;
        }
    }

    /**
     * A network.
     *
     * @param encrypted between machines
     * @param external whether clients use it
     */
    public record Network(String name, List<String> subnets, boolean encrypted, boolean external) {
        public Network {
            subnets = List.copyOf(subnets);
        }
    }

    /** A machine of the Swarm. */
    public record Machine(String hostname, String state, boolean manager) {}

    public SwarmAnswer {
        services = List.copyOf(services);
        networks = List.copyOf(networks);
        machines = List.copyOf(machines);
        volumes = List.copyOf(volumes);
        keys = List.copyOf(keys);
        warnings = List.copyOf(warnings);
    }

    /** With the members in their services. */
    public static SwarmAnswer with(SwarmReport report, List<MemberView> members) {
        return of(report, members, Optional.empty());
    }

    /**
     * @param why the members are not known here
     */
    public static SwarmAnswer without(SwarmReport report, String why) {
        return of(report, List.of(), Optional.of(why));
    }

    @Override
    public String kind() {
        return "swarm";
    }

    @Override
    public Rows rows() {
        return new Rows(Service.class, services);
    }

    private static SwarmAnswer of(
            SwarmReport report, List<MemberView> members, Optional<String> why) {
        return new SwarmAnswer(
                report.cluster().value(),
                report.engine(),
                report.services().stream().allMatch(SwarmReport.Service::running)
                        && members.stream().allMatch(MemberView::healthy),
                why,
                report.services().stream()
                        .map(service -> service(service, new SwarmNames(report.cluster()), members))
                        .toList(),
                report.networks().stream()
                        .map(
                                network ->
                                        new Network(
                                                network.name(),
                                                network.subnets().stream()
                                                        .map(Cidr::value)
                                                        .toList(),
                                                network.encrypted(),
                                                network.external()))
                        .toList(),
                report.nodes().stream()
                        .map(node -> new Machine(node.hostname(), node.state(), node.manager()))
                        .toList(),
                report.volumes(),
                report.files(),
                report.warnings());
    }

    private static Service service(
            SwarmReport.Service service, SwarmNames names, List<MemberView> members) {
        return new Service(
                service.name(),
                service.part().label(),
                service.image(),
                service.node(),
                service.state(),
                service.running(),
                service.since(),
                service.trouble(),
                members.stream()
                        .filter(
                                member ->
                                        names.service(member.instance().host())
                                                .equals(service.name()))
                        .map(SwarmAnswer::member)
                        .toList());
    }

    private static Member member(MemberView member) {
        return new Member(
                member.instance().name().node().value(),
                member.healthy() ? "running" : member.running() ? "degraded" : "not running");
    }
}
