package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;

/** What an agent answers. */
public sealed interface Reply
        permits Reply.Welcome,
                Reply.HostReport,
                Reply.PlaceReport,
                Reply.UserTables,
                Reply.Converged,
                Reply.DeepReport,
                Reply.CertificateWish,
                Reply.Logs,
                Reply.Reached,
                Reply.Done,
                Reply.Failed {

    /** The protocol version both sides speak from here on, and who answers. */
    record Welcome(int protocol, String agentVersion, ClusterName cluster, HostName host)
            implements Reply {
        public Welcome {
            requireNonNull(agentVersion, "agentVersion is null");
            requireNonNull(cluster, "cluster is null");
            requireNonNull(host, "host is null");
        }
    }

    /**
     * A host as its agent sees it.
     *
     * @param storeConnected whether the agent is connected to ZooKeeper
     * @param appliedTopology the version of the topology record that its instances match, -1 for
     *     none
     * @param problems what keeps it from applying a newer one or from starting what it should
     * @param certificateUntil when its certificate ends; empty where it has none, or its agent is
     *     older
     * @param obstacles those of the problems that keep servers from running or from matching what
     *     they should: not what only will, nor what users still use of nodes that are gone; empty
     *     of an older agent
     * @param leftovers those of the problems that are of nodes that are gone; empty of an older
     *     agent
     */
    record HostReport(
            HostName host,
            String agentVersion,
            EngineReport engine,
            List<DataRoot> dataRoots,
            List<InstanceReport> instances,
            boolean storeConnected,
            int appliedTopology,
            List<Problem> problems,
            Optional<Instant> certificateUntil,
            Optional<List<Problem>> obstacles,
            Optional<List<Leftover>> leftovers)
            implements Reply {
        /** Of a host without a certificate. */
        public HostReport(
                HostName host,
                String agentVersion,
                EngineReport engine,
                List<DataRoot> dataRoots,
                List<InstanceReport> instances,
                boolean storeConnected,
                int appliedTopology,
                List<Problem> problems) {
            this(
                    host,
                    agentVersion,
                    engine,
                    dataRoots,
                    instances,
                    storeConnected,
                    appliedTopology,
                    problems,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public HostReport {
            requireNonNull(host, "host is null");
            requireNonNull(agentVersion, "agentVersion is null");
            requireNonNull(engine, "engine is null");
            dataRoots = List.copyOf(dataRoots);
            instances = List.copyOf(instances);
            problems = List.copyOf(problems);
            requireNonNull(certificateUntil, "certificateUntil is null");
            obstacles = obstacles.map(List::copyOf);
            leftovers = leftovers.map(List::copyOf);
        }
    }

    /**
     * The server software of a host.
     *
     * @param version as the programs say it, empty when they cannot be run
     * @param problems what is missing or too old
     */
    record EngineReport(
            EngineKind kind, String home, Optional<String> version, List<Problem> problems) {
        public EngineReport {
            requireNonNull(kind, "kind is null");
            requireNonNull(home, "home is null");
            requireNonNull(version, "version is null");
            problems = List.copyOf(problems);
        }
    }

    /** A directory under which data directories may lie, and the space left there. */
    record DataRoot(String path, long freeBytes) {
        public DataRoot {
            requireNonNull(path, "path is null");
        }
    }

    /** Every reason why the instance cannot be prepared; none when it can. */
    record PlaceReport(List<Problem> problems) implements Reply {
        public PlaceReport {
            problems = List.copyOf(problems);
        }
    }

    /** Tables as {@code database.schema.table}, sorted; at most 1,000 of them are named. */
    record UserTables(List<String> tables, int total) implements Reply {
        private static final int MOST = 1000;

        public UserTables {
            tables = List.copyOf(tables);
        }

        /**
         * @param all sorted
         */
        public static UserTables of(List<String> all) {
            return new UserTables(all.subList(0, Math.min(MOST, all.size())), all.size());
        }
    }

    /**
     * The version of the topology record that the agent's instances match.
     *
     * @param leftovers what their users still use of nodes that are gone, and that can go no
     *     sooner; empty where there is nothing, or the agent is older
     */
    record Converged(int topologyVersion, Optional<List<Problem>> leftovers) implements Reply {
        /** Where nothing is left. */
        public Converged(int topologyVersion) {
            this(topologyVersion, Optional.empty());
        }

        public Converged {
            leftovers = leftovers.filter(left -> !left.isEmpty()).map(List::copyOf);
        }
    }

    /** What reading and writing through an instance met; both empty when both work. */
    record DeepReport(Optional<String> readTrouble, Optional<String> writeTrouble)
            implements Reply {
        public DeepReport {
            requireNonNull(readTrouble, "readTrouble is null");
            requireNonNull(writeTrouble, "writeTrouble is null");
        }

        /** The same of reading and of writing. */
        public static DeepReport inBoth(Optional<String> trouble) {
            return new DeepReport(trouble, trouble);
        }
    }

    /**
     * What a host wants to have signed.
     *
     * @param request in PEM, with the names by which the host says that it is reached
     * @param present the certificate it has, in PEM
     */
    record CertificateWish(String request, Optional<String> present) implements Reply {
        public CertificateWish {
            requireNonNull(request, "request is null");
            requireNonNull(present, "present is null");
        }
    }

    /**
     * The ends of a host's logs.
     *
     * @param missing what is not among them, and why
     */
    record Logs(List<LogEnd> logs, List<String> missing) implements Reply {
        public Logs {
            logs = List.copyOf(logs);
            missing = List.copyOf(missing);
        }
    }

    /**
     * The end of a log.
     *
     * @param name of a file, without its directory
     * @param owner {@code agent}, or the instance whose it is
     * @param size of the whole, in bytes
     */
    record LogEnd(String owner, String name, long size, String text) {
        public LogEnd {
            requireNonNull(owner, "owner is null");
            requireNonNull(name, "name is null");
            requireNonNull(text, "text is null");
        }
    }

    /** What became of each destination, in their order. */
    record Reached(List<Attempt> attempts) implements Reply {
        public Reached {
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * What became of a destination.
     *
     * @param took until it had greeted, or was given up
     * @param trouble why it was not reached, in a line; empty when it was
     */
    record Attempt(HostPort address, Duration took, Optional<String> trouble) {
        public Attempt {
            requireNonNull(address, "address is null");
            requireNonNull(took, "took is null");
            requireNonNull(trouble, "trouble is null");
        }
    }

    /** A change took place, or had taken place before. */
    record Done(String detail) implements Reply {
        public Done {
            requireNonNull(detail, "detail is null");
        }
    }

    /** Nothing more will come of the request. */
    record Failed(Kind kind, List<Problem> problems) implements Reply {
        /** What sort of failure it is. */
        public enum Kind {
            /** The request may not or cannot be done as things are; nothing was changed. */
            REFUSED,
            /** It was tried and did not work. */
            FAILED,
            /** It was tried, and another server that takes part in it was not reached. */
            UNREACHABLE,
            /** A newer attempt of the operation is known here. */
            SUPERSEDED,
            /** This agent does not know such a request. */
            UNKNOWN_REQUEST
        }

        public Failed {
            requireNonNull(kind, "kind is null");
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a failure without a reason");
            }
        }

        public static Failed refused(String what, String remedy) {
            return new Failed(Kind.REFUSED, List.of(Problem.of(what, remedy)));
        }

        public static Failed failed(String what, String remedy) {
            return new Failed(Kind.FAILED, List.of(Problem.of(what, remedy)));
        }
    }
}
