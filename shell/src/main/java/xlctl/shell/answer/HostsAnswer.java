package xlctl.shell.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.monitor.HostView;
import xlctl.store.Presence;
import xlctl.topology.Problem;

/** {@code host list}, by name. */
public record HostsAnswer(List<Host> hosts) implements Answer {
    /**
     * A host that is registered, or whose agent offers itself.
     *
     * @param agent where its agent is reached, where that is known
     * @param registered {@code yes}, {@code no}, or {@code key changed}: the agent offers another
     *     SSH key than the accepted one
     * @param agentVersion of the agent that answered; empty when none did
     * @param engineVersion as the server's programs say it; empty when they cannot be run
     * @param appliedTopology the version of the topology that its members match, -1 for none
     * @param place the machine it runs on, where that is known
     */
    public record Host(
            String host,
            Optional<String> agent,
            String registered,
            Optional<String> agentVersion,
            Optional<String> engine,
            Optional<String> engineVersion,
            Optional<Integer> appliedTopology,
            Optional<String> place,
            List<Problem> problems) {
        public Host {
            problems = List.copyOf(problems);
        }

        static Host of(HostView view) {
            return new Host(
                    view.host().value(),
                    view.record()
                            .map(record -> record.agent().toString())
                            .or(() -> view.presence().map(present -> present.agent().toString())),
                    view.record().isEmpty() ? "no" : view.keyChanged() ? "key changed" : "yes",
                    view.report().map(Reply.HostReport::agentVersion),
                    view.report().map(report -> report.engine().kind().word()),
                    view.report().flatMap(report -> report.engine().version()),
                    view.report()
                            .map(Reply.HostReport::appliedTopology)
                            .or(() -> view.presence().map(Presence::appliedTopology)),
                    view.record().isPresent()
                            ? view.record().get().place()
                            : view.presence().flatMap(Presence::place),
                    problems(view));
        }

        private static List<Problem> problems(HostView view) {
            List<Problem> problems = new ArrayList<>();
            view.unreachable().ifPresent(problems::add);
            view.report()
                    .ifPresent(
                            report -> {
                                problems.addAll(report.engine().problems());
                                problems.addAll(report.problems());
                            });
            return problems;
        }
    }

    public HostsAnswer {
        hosts = List.copyOf(hosts);
    }

    public static HostsAnswer of(List<HostView> hosts) {
        return new HostsAnswer(hosts.stream().map(Host::of).toList());
    }

    @Override
    public String kind() {
        return "hosts";
    }

    @Override
    public Rows rows() {
        return new Rows(Host.class, hosts);
    }
}
