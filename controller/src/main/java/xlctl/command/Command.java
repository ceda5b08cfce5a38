package xlctl.command;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.RolePower;
import xlctl.agent.api.StopMode;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** Something that changes the cluster. Reading needs no command. */
public sealed interface Command
        permits Command.AddNode,
                Command.RemoveNode,
                Command.RemoveLost,
                Command.Start,
                Command.Stop,
                Command.Kill,
                Command.Reconnect,
                Command.CreateDatabase,
                Command.CreateUser,
                Command.ForgetHost,
                Command.RotateCertificates,
                Command.RotateKeys,
                Command.RotatePasswords {

    /**
     * Adds a node with its first instance, the master. The texts of its files are in the node
     * already.
     *
     * @param service empty where nothing was said about it
     */
    record AddNode(Node node, Optional<ServiceWish> service) implements Command {
        public AddNode {
            requireNonNull(node, "node is null");
            requireNonNull(service, "service is null");
        }

        public AddNode(Node node) {
            this(node, Optional.empty());
        }

        @Override
        public String toString() {
            var first = node.instances().get(0);
            return "add "
                    + words(node.kind())
                    + " "
                    + node.name()
                    + " "
                    + first.host()
                    + " "
                    + first.port()
                    + service.map(wish -> " " + wish).orElse("");
        }
    }

    /**
     * Removes a node with all its instances.
     *
     * @param name empty for the GTM, which the command language does not name
     */
    record RemoveNode(NodeKind kind, Optional<NodeName> name, Disposal disposal)
            implements Command {
        public RemoveNode {
            requireNonNull(kind, "kind is null");
            requireNonNull(name, "name is null");
            requireNonNull(disposal, "disposal is null");
        }

        @Override
        public String toString() {
            return "remove "
                    + words(kind)
                    + name.map(n -> " " + n).orElse("")
                    + (disposal == Disposal.ERASE ? " clean" : "");
        }
    }

    /** Removes a node whose hosts are gone for good, with whatever was there. */
    record RemoveLost(NodeKind kind, NodeName name) implements Command {
        public RemoveLost {
            requireNonNull(kind, "kind is null");
            requireNonNull(name, "name is null");
        }

        @Override
        public String toString() {
            return "remove " + words(kind) + " " + name + " --lost";
        }
    }

    /** Starts what does not run; never restarts what does. */
    record Start(Target target) implements Command {
        public Start {
            requireNonNull(target, "target is null");
        }

        @Override
        public String toString() {
            return "start " + target;
        }
    }

    /** Stops what runs. */
    record Stop(Target target, StopMode mode) implements Command {
        public Stop {
            requireNonNull(target, "target is null");
            requireNonNull(mode, "mode is null");
        }

        @Override
        public String toString() {
            return "stop -m " + mode + " " + target;
        }
    }

    /** Ends servers with SIGKILL. */
    record Kill(Target target) implements Command {
        public Kill {
            requireNonNull(target, "target is null");
        }

        @Override
        public String toString() {
            return "kill " + target;
        }
    }

    /** Has GTM proxies connect to the GTM anew. */
    record Reconnect(Target target) implements Command {
        public Reconnect {
            requireNonNull(target, "target is null");
        }

        @Override
        public String toString() {
            return "reconnect " + target;
        }
    }

    /**
     * Makes a database on every coordinator and datanode.
     *
     * @param through the coordinator by which it is made; empty for one that runs
     * @param owner empty for the role of the cluster's first client
     */
    record CreateDatabase(Optional<NodeName> through, SqlName name, Optional<SqlName> owner)
            implements Command {
        public CreateDatabase {
            requireNonNull(through, "through is null");
            requireNonNull(name, "name is null");
            requireNonNull(owner, "owner is null");
        }

        @Override
        public String toString() {
            return "Createdb"
                    + through.map(node -> " - " + node).orElse("")
                    + " "
                    + quoted(name)
                    + owner.map(role -> " --owner " + quoted(role)).orElse("");
        }
    }

    /**
     * Makes a role that can log in, on every coordinator and datanode.
     *
     * @param through the coordinator by which it is made; empty for one that runs
     */
    record CreateUser(
            Optional<NodeName> through, SqlName name, Set<RolePower> powers, Secret password)
            implements Command {
        public CreateUser {
            requireNonNull(through, "through is null");
            requireNonNull(name, "name is null");
            powers = Set.copyOf(powers);
            requireNonNull(password, "password is null");
        }

        /**
         * A password that a person chose. Others than those of printable ASCII would have to be
         * prepared by the rules of SASLprep, as servers and clients do.
         *
         * @throws InvalidValueException when it cannot be one; its text is not in the message
         */
        public static Secret password(String text) {
            if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new InvalidValueException(
                        "this cannot be a password: it must be one line of printable ASCII");
            }
            return new Secret(text);
        }

        @Override
        public String toString() {
            return "Createuser"
                    + through.map(node -> " - " + node).orElse("")
                    + " "
                    + quoted(name)
                    + powers.stream()
                            .sorted()
                            .map(power -> " --" + power.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining());
        }
    }

    /** Takes a host without members off the list of those that are registered. */
    record ForgetHost(HostName host) implements Command {
        public ForgetHost {
            requireNonNull(host, "host is null");
        }

        @Override
        public String toString() {
            return "host forget " + host;
        }
    }

    /**
     * Gives hosts new certificates.
     *
     * @param hosts empty for all that have members
     */
    record RotateCertificates(List<HostName> hosts) implements Command {
        public RotateCertificates {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return "rotate certificates"
                    + hosts.stream().map(host -> " " + host).collect(Collectors.joining());
        }
    }

    /** Replaces the SSH key by which agents know this shell's home. */
    record RotateKeys() implements Command {
        @Override
        public String toString() {
            return "rotate keys";
        }
    }

    /** Gives every login that xlctl makes a new password. */
    record RotatePasswords() implements Command {
        @Override
        public String toString() {
            return "rotate passwords";
        }
    }

    /** As the command language takes it for one word. */
    private static String quoted(SqlName name) {
        String text = name.value();
        boolean plain = text.chars().noneMatch(c -> c == ' ' || c == '"' || c == '\'' || c == '#');
        if (plain) {
            return text;
        }
        return text.indexOf('\'') < 0 ? "'" + text + "'" : '"' + text + '"';
    }

    /** GTM proxies have no roles. */
    private static String words(NodeKind kind) {
        return kind == NodeKind.GTM_PROXY ? kind.word() : kind + " master";
    }
}
