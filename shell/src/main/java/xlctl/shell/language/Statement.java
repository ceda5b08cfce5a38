package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.RolePower;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.shell.answer.Format;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** What a line asks for. */
public sealed interface Statement {
    /** Changes nothing: it asks for an answer. */
    sealed interface Reading extends Statement {}

    /** A reading that names the format of its answer. */
    record Formatted(Reading reading, Format format) implements Statement {
        public Formatted {
            requireNonNull(reading, "reading is null");
            requireNonNull(format, "format is null");
        }
    }

    /**
     * A reading that is done again and again, until the operator ends it.
     *
     * @param interval the pause between two
     * @param format empty: as the settings have it
     */
    record Watched(Reading reading, Duration interval, Optional<Format> format)
            implements Statement {
        public Watched {
            requireNonNull(reading, "reading is null");
            requireNonNull(interval, "interval is null");
            requireNonNull(format, "format is null");
        }
    }

    /** Changes the cluster. */
    record Change(Command command) implements Statement {
        public Change {
            requireNonNull(command, "command is null");
        }

        public boolean isAdd() {
            return command instanceof Command.AddNode;
        }
    }

    /**
     * Says of members whether they run.
     *
     * @param deep whether coordinators read and write as well
     */
    record Monitor(Target target, boolean deep) implements Reading {}

    /** The cluster on one screen. */
    record Status() implements Reading {}

    /** What the topology says, not what runs. */
    record ShowConfig(Part part) implements Reading {
        /** Which part of it. */
        public sealed interface Part {}

        /** Everything: the common head, then each host's members. */
        public record Everything() implements Part {}

        /** The common head only. */
        public record Common() implements Part {}

        /** The members of hosts. */
        public record OfHosts(List<HostName> hosts) implements Part {
            public OfHosts {
                hosts = List.copyOf(hosts);
            }
        }

        /** Members, each with its host. */
        public record Members(Target target) implements Part {}
    }

    /**
     * The tables that have rows on a datanode.
     *
     * @param owner of the tables; empty: anybody
     */
    record ShowResource(NodeName datanode, SqlName database, Optional<SqlName> owner)
            implements Reading {}

    /** Makes a role that can log in; the operator is asked for its password. */
    record CreateUser(Optional<NodeName> through, SqlName name, Set<RolePower> powers)
            implements Statement {
        public CreateUser {
            powers = Set.copyOf(powers);
        }

        public Change with(Secret password) {
            return new Change(new Command.CreateUser(through, name, powers, password));
        }
    }

    /**
     * Runs PostgreSQL's own client on a coordinator that runs.
     *
     * @param words for it
     */
    record Psql(Optional<NodeName> coordinator, List<String> words) implements Statement {
        public Psql {
            words = List.copyOf(words);
        }
    }

    /** Every host, registered or offering itself. */
    record ListHosts() implements Reading {}

    /** Which hosts reach which. */
    record HostMatrix() implements Reading {}

    /**
     * Registers a host with the SSH key that its agent offers, or takes a changed key.
     *
     * @param agent where its agent listens; empty: as it says itself
     * @param fingerprint the only one that is accepted; empty: the operator is asked
     */
    record AcceptHost(HostName host, Optional<HostPort> agent, Optional<String> fingerprint)
            implements Statement {}

    /** Operations that are kept. */
    record ListOperations() implements Reading {}

    /** One operation with its steps. */
    record ShowOperation(long number) implements Reading {}

    /**
     * Goes on with an operation that is open.
     *
     * @param lost hosts that it is ended without
     */
    record ResumeOperation(long number, Set<HostName> lost) implements Statement {
        public ResumeOperation {
            lost = Set.copyOf(lost);
        }
    }

    /**
     * Undoes an operation that is open and not past its commit point.
     *
     * @param lost hosts that it is ended without
     */
    record RollbackOperation(long number, Set<HostName> lost) implements Statement {
        public RollbackOperation {
            lost = Set.copyOf(lost);
        }
    }

    /**
     * Makes in Docker what a cluster needs before its first member.
     *
     * @param image empty: as the settings have it
     * @param allowUnencrypted whether a kernel that cannot encrypt is good enough
     * @param subnet of the cluster's network; empty: Docker chooses
     * @param clientSubnet of the clients' network; empty: Docker chooses
     */
    record SwarmInit(
            Optional<String> image,
            boolean allowUnencrypted,
            Optional<Cidr> subnet,
            Optional<Cidr> clientSubnet)
            implements Statement {}

    /** What Docker has of the cluster. */
    record SwarmStatus() implements Reading {}

    /** The stack file for what Docker has of the cluster. */
    record SwarmRender() implements Reading {}

    /**
     * Removes everything of the cluster from Docker.
     *
     * @param yes whether the operator is not asked
     */
    record SwarmDown(boolean yes) implements Statement {}

    /** The certificate by which clients verify the cluster's servers. */
    record ShowAuthority() implements Reading {}

    /** Writes the files by which clients connect to coordinators. */
    record WriteAccess(Path directory) implements Statement {}

    /** Writes the cluster's records into a new file. */
    record WriteBackup(Path file) implements Statement {}

    /** Writes what is known of the cluster, without its secrets, into a new file. */
    record WriteReport(Path file) implements Statement {}

    /**
     * Puts the cluster's records of a file back.
     *
     * @param older whether members that the file does not know may be left out
     */
    record RestoreBackup(Path file, boolean older) implements Statement {}

    /** The lines typed so far. */
    record History() implements Reading {}

    /** Every setting and where it comes from. */
    record ShowSettings() implements Reading {}

    /**
     * Explains the language.
     *
     * @param topic the words that commands begin with, or one to look for; empty: all of them
     */
    record Help(List<String> topic) implements Statement {
        public Help {
            topic = List.copyOf(topic);
        }
    }

    /** Ends the session or script. */
    record Quit() implements Statement {}
}
