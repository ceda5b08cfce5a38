package xlctl.monitor;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.agent.api.Reply;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** Lays what is wanted beside what was seen, member by member. Pure. */
final class Members {
    private final Versioned<Topology> topology;
    private final Map<NodeName, NodeState> states;
    private final Map<HostName, HostView> hosts;
    private final Map<InstanceName, ServerAnswer> servers;

    Members(
            Versioned<Topology> topology,
            Map<NodeName, NodeState> states,
            Map<HostName, HostView> hosts,
            Map<InstanceName, ServerAnswer> servers) {
        this.topology = topology;
        this.states = states;
        this.hosts = hosts;
        this.servers = servers;
    }

    List<MemberView> all() {
        List<MemberView> members = new ArrayList<>();
        for (Node node : topology.value().nodes()) {
            node.instances().forEach(instance -> members.add(member(node, instance)));
        }
        return members;
    }

    private MemberView member(Node node, Instance instance) {
        List<String> warnings = new ArrayList<>();
        Optional<NodeState> state = Optional.ofNullable(states.get(node.name()));
        Role wanted = state.map(s -> s.roleOf(instance.name())).orElse(Role.MASTER);
        if (state.isEmpty()) {
            warnings.add("who is its master is not recorded in the store");
        }
        Optional<HostView> host = Optional.ofNullable(hosts.get(instance.host()));
        Optional<Reply.HostReport> report = host.flatMap(HostView::report);
        return report.isPresent()
                ? seenByAgent(node, instance, wanted, report.get(), warnings)
                : seenByServer(node, instance, wanted, host, warnings);
    }

    private MemberView seenByAgent(
            Node node,
            Instance instance,
            Role wanted,
            Reply.HostReport host,
            List<String> warnings) {
        Optional<InstanceReport> report =
                host.instances().stream()
                        .filter(each -> each.instance().equals(instance.name()))
                        .findFirst();
        boolean running = report.map(each -> each.state() == InstanceReport.State.UP).orElse(false);
        if (report.isEmpty()) {
            warnings.add("its agent does not know it");
        }
        report.ifPresent(each -> addState(each, warnings));
        report.flatMap(InstanceReport::role).ifPresent(role -> addRole(role, wanted, warnings));
        addConvergence(host, warnings);
        return new MemberView(
                instance,
                node.kind(),
                wanted,
                running,
                MemberView.Source.AGENT,
                report,
                OptionalInt.of(host.appliedTopology()),
                warnings);
    }

    private MemberView seenByServer(
            Node node,
            Instance instance,
            Role wanted,
            Optional<HostView> host,
            List<String> warnings) {
        Optional<ServerAnswer> server = Optional.ofNullable(servers.get(instance.name()));
        boolean running = server.map(ServerAnswer::running).orElse(false);
        warnings.add(whySilent(instance.host(), host));
        host.filter(HostView::keyChanged)
                .ifPresent(changed -> changed.claims().forEach(warnings::add));
        if (server.equals(Optional.of(ServerAnswer.UNASKED))) {
            warnings.add("whether its server runs is not known: " + server.get().detail());
        } else if (!running) {
            warnings.add(
                    "its server does not answer either"
                            + server.map(answer -> ": " + answer.detail()).orElse(""));
        }
        server.flatMap(ServerAnswer::role).ifPresent(role -> addRole(role, wanted, warnings));
        return new MemberView(
                instance,
                node.kind(),
                wanted,
                running,
                running ? MemberView.Source.SERVER : MemberView.Source.NOBODY,
                Optional.empty(),
                host.flatMap(HostView::presence)
                        .map(presence -> OptionalInt.of(presence.appliedTopology()))
                        .orElseGet(OptionalInt::empty),
                warnings);
    }

    private static void addState(InstanceReport report, List<String> warnings) {
        if (report.state() != InstanceReport.State.UP) {
            warnings.add(
                    "it is "
                            + report.state().name().toLowerCase(Locale.ROOT)
                            + " since "
                            + report.since().truncatedTo(ChronoUnit.SECONDS)
                            + (report.why().isEmpty() ? "" : ": " + report.why()));
        } else if (!report.why().isEmpty()) {
            warnings.add(report.why());
        }
    }

    private static void addRole(Role found, Role wanted, List<String> warnings) {
        if (found != wanted) {
            warnings.add("it runs as a " + found + " but should be a " + wanted);
        }
    }

    private void addConvergence(Reply.HostReport host, List<String> warnings) {
        if (!host.storeConnected()) {
            warnings.add("its agent is not connected to ZooKeeper");
        }
        if (host.appliedTopology() < topology.version()) {
            StringBuilder warning =
                    new StringBuilder("not converged: its host matches ")
                            .append(
                                    host.appliedTopology() < 0
                                            ? "no version"
                                            : "version " + host.appliedTopology())
                            .append(" of the topology, which is at version ")
                            .append(topology.version());
            host.problems().forEach(problem -> warning.append("; ").append(problem.what()));
            warnings.add(warning.toString());
        } else {
            host.problems().forEach(problem -> warnings.add(problem.what()));
        }
    }

    private static String whySilent(HostName name, Optional<HostView> host) {
        if (host.flatMap(HostView::record).isEmpty()) {
            return "its host " + name + " is not registered";
        }
        if (host.get().keyChanged()) {
            return "the agent of its host has another SSH host key than the accepted one: "
                    + HostKeyFingerprint.of(host.get().presence().get().hostKey());
        }
        return host.get()
                .unreachable()
                .map(Problem::what)
                .orElse("the agent of host " + name + " was not asked");
    }
}
