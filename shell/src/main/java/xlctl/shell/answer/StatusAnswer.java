package xlctl.shell.answer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.agent.api.Reply;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.monitor.StoreView;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.topology.Problem;

/**
 * {@code status}: what is wanted and what is found.
 *
 * @param topologyVersion the one that every host should match; empty before the first node
 * @param healthy whether every member runs as wanted
 * @param problems what is wrong with the cluster as a whole
 * @param expires when the first of the hosts' certificates ends that are known
 */
public record StatusAnswer(
        String cluster,
        Optional<String> engine,
        Optional<Integer> topologyVersion,
        boolean healthy,
        List<Problem> problems,
        ZooKeeper zooKeeper,
        Optional<Lock> lock,
        List<OpenOperation> openOperations,
        List<Host> hosts,
        List<MemberStatus> members,
        Optional<Instant> expires)
        implements Answer {
    /**
     * The shell's session.
     *
     * @param server empty when the connection is lost just now
     * @param sessionTimeoutMillis as the server granted it
     */
    public record ZooKeeper(Optional<String> server, long sessionTimeoutMillis) {}

    /** Who may change the cluster now. */
    public record Lock(String who, String from, String doing, Instant since) {
        static Lock of(LockHolder holder) {
            return new Lock(holder.who(), holder.from(), holder.doing(), holder.since());
        }
    }

    /** What keeps other changes out, or is under way. */
    public record OpenOperation(
            long number, String state, String command, String who, String from, Instant since) {
        static OpenOperation of(OperationHeader header) {
            OperationsAnswer.Operation operation = OperationsAnswer.Operation.of(header);
            return new OpenOperation(
                    operation.number(),
                    operation.state(),
                    operation.command(),
                    operation.who(),
                    operation.from(),
                    operation.started());
        }
    }

    /**
     * A host.
     *
     * @param answers whether its agent answered
     * @param appliedTopology the version of the topology that its members match, -1 for none; empty
     *     when that is not known
     * @param expires when its certificate ends; empty where there is none, or that is not known
     */
    public record Host(
            String host,
            Optional<String> agent,
            boolean answers,
            Optional<Integer> appliedTopology,
            List<Problem> problems,
            Optional<Instant> expires) {
        public Host {
            problems = List.copyOf(problems);
        }

        static Host of(HostView view) {
            HostsAnswer.Host host = HostsAnswer.Host.of(view);
            List<Problem> problems = new ArrayList<>();
            view.unreachable().ifPresent(problems::add);
            view.report().ifPresent(report -> problems.addAll(report.problems()));
            return new Host(
                    host.host(),
                    host.agent(),
                    view.report().isPresent(),
                    host.appliedTopology(),
                    problems,
                    view.report().flatMap(Reply.HostReport::certificateUntil));
        }
    }

    /**
     * Anything that is shown, as a row.
     *
     * @param item {@code cluster}, {@code zookeeper}, {@code lock}, {@code operation}, {@code host}
     *     or {@code member}
     * @param kind of a member; of the cluster the engine
     * @param expires of the cluster and a host, when the certificate ends
     * @param why what is not as it should be; of a lock or an operation the command
     */
    public record Row(
            String item,
            String name,
            String kind,
            String address,
            String wanted,
            String found,
            Optional<Instant> since,
            List<String> why,
            Optional<String> next,
            Optional<Instant> expires) {}

    public StatusAnswer {
        problems = List.copyOf(problems);
        openOperations = List.copyOf(openOperations);
        hosts = List.copyOf(hosts);
        members = List.copyOf(members);
    }

    public static StatusAnswer of(ClusterView view, StoreView store) {
        List<MemberStatus> members =
                view.members().stream().map(member -> MemberStatus.of(member, view)).toList();
        List<Host> hosts = view.hosts().stream().map(Host::of).toList();
        return new StatusAnswer(
                view.cluster().value(),
                view.topology().map(found -> found.value().engine().word()),
                view.topology().map(Versioned::version),
                view.emptied().isEmpty() && members.stream().allMatch(MemberStatus::healthy),
                view.emptied().stream().toList(),
                new ZooKeeper(store.server(), store.sessionTimeout().toMillis()),
                view.lock().map(Lock::of),
                view.openOperations().stream().map(OpenOperation::of).toList(),
                hosts,
                members,
                hosts.stream()
                        .flatMap(host -> host.expires().stream())
                        .min(Comparator.naturalOrder()));
    }

    @Override
    public String kind() {
        return "status";
    }

    @Override
    public Rows rows() {
        return new Rows(
                Row.class,
                Stream.of(
                                Stream.of(clusterRow(), zooKeeperRow()),
                                lock.stream().map(StatusAnswer::row),
                                openOperations.stream().map(StatusAnswer::row),
                                hosts.stream().map(this::row),
                                members.stream().map(StatusAnswer::row))
                        .flatMap(rows -> rows)
                        .toList());
    }

    private Row clusterRow() {
        return new Row(
                "cluster",
                cluster,
                engine.orElse(""),
                "",
                "healthy",
                healthy ? "healthy" : "not healthy",
                Optional.empty(),
                problems.stream().map(Problem::what).toList(),
                problems.stream().map(Problem::remedy).findFirst(),
                expires);
    }

    private Row zooKeeperRow() {
        return new Row(
                "zookeeper",
                "",
                "",
                zooKeeper.server().orElse(""),
                "connected",
                zooKeeper.server().isPresent() ? "connected" : "not connected",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Row row(Lock lock) {
        return new Row(
                "lock",
                lock.who(),
                "",
                lock.from(),
                "",
                "held",
                Optional.of(lock.since()),
                List.of(lock.doing()),
                Optional.empty(),
                Optional.empty());
    }

    private static Row row(OpenOperation operation) {
        return new Row(
                "operation",
                Long.toString(operation.number()),
                "",
                operation.from(),
                "done",
                operation.state(),
                Optional.of(operation.since()),
                List.of(operation.command()),
                Optional.empty(),
                Optional.empty());
    }

    private Row row(Host host) {
        return new Row(
                "host",
                host.host(),
                "",
                host.agent().orElse(""),
                topologyVersion.map(Object::toString).orElse(""),
                host.appliedTopology().map(Object::toString).orElse(""),
                Optional.empty(),
                host.problems().stream().map(Problem::what).toList(),
                host.problems().stream()
                        .map(Problem::remedy)
                        .filter(remedy -> !remedy.isEmpty())
                        .findFirst(),
                host.expires());
    }

    private static Row row(MemberStatus member) {
        return new Row(
                "member",
                member.node(),
                member.kind(),
                member.address(),
                member.wanted(),
                member.found(),
                member.since(),
                member.warnings(),
                member.next(),
                Optional.empty());
    }
}
