package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.RolePower;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** What a line asks for. */
public sealed interface Statement {
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
    record Monitor(Target target, boolean deep) implements Statement {}

    /** The cluster on one screen. */
    record Status() implements Statement {}

    /** What the topology says, not what runs. */
    record ShowConfig(Part part) implements Statement {
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
            implements Statement {}

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
    record ListHosts() implements Statement {}

    /**
     * Registers a host with the SSH key that its agent offers, or takes a changed key.
     *
     * @param agent where its agent listens; empty: as it says itself
     * @param fingerprint the only one that is accepted; empty: the operator is asked
     */
    record AcceptHost(HostName host, Optional<HostPort> agent, Optional<String> fingerprint)
            implements Statement {}

    /** Operations that are kept. */
    record ListOperations() implements Statement {}

    /** One operation with its steps. */
    record ShowOperation(long number) implements Statement {}

    /** Goes on with an operation that is open. */
    record ResumeOperation(long number) implements Statement {}

    /** Undoes an operation that is open and not past its commit point. */
    record RollbackOperation(long number) implements Statement {}

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
    record SwarmStatus() implements Statement {}

    /** The stack file for what Docker has of the cluster. */
    record SwarmRender() implements Statement {}

    /**
     * Removes everything of the cluster from Docker.
     *
     * @param yes whether the operator is not asked
     */
    record SwarmDown(boolean yes) implements Statement {}

    /** The certificate by which clients verify the cluster's servers. */
    record ShowAuthority() implements Statement {}

    /** Writes the files by which clients connect to coordinators. */
    record WriteAccess(Path directory) implements Statement {}

    /** The lines typed so far. */
    record History() implements Statement {}

    /** Every setting and where it comes from. */
    record ShowSettings() implements Statement {}

    /**
     * Explains the language.
     *
     * @param command the first word of a command; empty: all of them
     */
    record Help(Optional<String> command) implements Statement {}

    /** Ends the session or script. */
    record Quit() implements Statement {}
}
