package xlctl.shell.language;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.shell.answer.Format;
import xlctl.shell.settings.Key;
import xlctl.text.Quoted;
import xlctl.topology.Cidr;
import xlctl.topology.Directory;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** The places for values that the forms share. */
final class Slots {
    static final Slot<NodeName> NEW_NAME =
            Slot.of(
                    "NAME",
                    "the node's name in the cluster's catalog, as in coord_m_1",
                    Slots::newName);

    static final Slot<NodeName> NAME =
            Slot.of("NAME", "the name of a node", Slots::name).completedBy(Completion.Source.NODES);

    static final Slot<HostName> HOST =
            Slot.of("HOST", "a host: a DNS name or an IPv4 address", HostName::new)
                    .completedBy(Completion.Source.HOSTS);

    static final Slot<Port> PORT = Slot.of("PORT", "the server's port, 1 to 65535", Port::parse);

    static final Slot<Optional<Port>> POOLER =
            Slot.of(
                            "POOLER",
                            "a second port of the node, or none: its pooler's, on postgres-xl and opentenbase;"
                                    + " nothing listens there over the network",
                            unlessNone(Port::parse))
                    .completedBy(Completion.Source.NONE);

    static final Slot<Directory> DIR =
            Slot.of(
                    "DIR",
                    "the data directory: absolute, or below the agent's first data root",
                    Slots::directory);

    static final Slot<Optional<Directory>> WALDIR =
            Slot.of(
                            "WALDIR",
                            "a directory of its own for the WAL, or none",
                            unlessNone(Slots::directory))
                    .completedBy(Completion.Source.NONE);

    static final Slot<OperatorFile> CONF =
            file(
                    "CONF",
                    "a file, read where xlctl runs, with lines for postgresql.conf"
                            + " (a proxy's: gtm_proxy.conf); or none");

    static final Slot<OperatorFile> HBA =
            file("HBA", "a file, read where xlctl runs, with lines for pg_hba.conf; or none");

    static final Slot<String> SWARM_NODE =
            Slot.of(
                    "SWARM_NODE",
                    "the node of the Swarm, by its hostname, that the host's service is to run on",
                    Slots::swarmNode);

    static final Slot<String> CONSTRAINT =
            Slot.of(
                    "EXPR",
                    "where the host's service may run, as Docker has it: node.labels.disk==ssd",
                    Slots::constraint);

    static final Slot<Port> PUBLISHED =
            Slot.of(
                    "OUTSIDE",
                    "the port of the Swarm's node on which clients reach the coordinator",
                    Port::parse);

    static final Slot<NodeKind> KIND =
            Slot.oneOf(
                    "KIND",
                    "gtm, gtm_proxy, coordinator or datanode",
                    Stream.of(NodeKind.values()).map(NodeKind::word).toList(),
                    Slots::kind);

    static final Slot<StopMode> MODE =
            Slot.oneOf(
                    "MODE",
                    "smart (waits for sessions to end), fast (ends sessions; the default)"
                            + " or immediate (ends at once, recovers at the next start)",
                    Stream.of(StopMode.values()).map(StopMode::word).toList(),
                    StopMode::parse);

    static final Slot<String> FINGERPRINT =
            Slot.of("FINGERPRINT", "of the agent's SSH key: SHA256:...", Slots::fingerprint)
                    .fitting(Slots::looksLikeFingerprint);

    static final Slot<HostPort> AGENT =
            Slot.of("ADDRESS:PORT", "where its agent listens", HostPort::parse)
                    .fitting(word -> !looksLikeFingerprint(word));

    static final Slot<String> IMAGE =
            Slot.of(
                    "IMAGE",
                    "an image that this Docker engine has, as in xlctl:0.1.0",
                    Slots::image);

    static final Slot<Cidr> SUBNET =
            Slot.of("SUBNET", "the subnet of the cluster's network, as in 10.20.0.0/24", Cidr::new);

    static final Slot<Cidr> CLIENT_SUBNET =
            Slot.of(
                    "CLIENT_SUBNET",
                    "the subnet of the clients' network, as in 10.21.0.0/24",
                    Cidr::new);

    static final Slot<Path> ACCESS_DIR =
            new Slot<>(
                    "DIR",
                    "a directory, made where it is not there",
                    List.of(),
                    Completion.Source.FILES,
                    word -> true,
                    (word, files) -> path(word));

    static final Slot<Path> FILE =
            new Slot<>(
                    "FILE",
                    "a file of the machine where xlctl runs",
                    List.of(),
                    Completion.Source.FILES,
                    word -> true,
                    (word, files) -> path(word));

    static final Slot<NodeName> COORDINATOR =
            Slot.of("COORD", "a coordinator; without it, one that runs", NodeName::new)
                    .completedBy(Completion.Source.COORDINATORS);

    static final Slot<SqlName> DATABASE =
            Slot.of("DB", "the name of a database, as the server keeps it", SqlName::new)
                    .fitting(word -> !word.startsWith("-"));

    static final Slot<SqlName> ROLE =
            Slot.of("ROLE", "the name of a role, as the server keeps it", SqlName::new)
                    .fitting(word -> !word.startsWith("-"));

    static final Slot<Secret> PASSWORD_FILE =
            new Slot<>(
                    "FILE",
                    "a file with the password as its only line, read where xlctl runs",
                    List.of(),
                    Completion.Source.FILES,
                    word -> true,
                    (word, files) ->
                            Command.CreateUser.password(files.read(word).replaceFirst("\\R$", "")));

    static final Slot<String> PSQL_WORD =
            Slot.of("ARG", "a word for psql, as in -c \"SELECT 1\"", word -> word);

    static final Slot<Long> NUMBER =
            Slot.of("N", "the number of an operation", Slots::operationNumber)
                    .completedBy(Completion.Source.OPEN_OPERATIONS);

    static final Slot<Format> FORMAT =
            Slot.oneOf(
                    "FORMAT",
                    "text (the default), json, yaml or tsv; see docs/output.md",
                    Format.words(),
                    Format::parse);

    static final Slot<Duration> INTERVAL =
            Slot.of(
                            "INTERVAL",
                            "the pause between two looks, as in 500ms; 2s is the default",
                            Key::duration)
                    .fitting(word -> !word.startsWith("-"));

    static final Slot<String> TOPIC =
            Slot.of(
                            "TOPIC",
                            "the words that a command begins with, another of its words, or one in"
                                    + " capitals from its usage",
                            word -> word)
                    .completedBy(Completion.Source.TOPICS);

    private Slots() {}

    private static Slot<OperatorFile> file(String label, String meaning) {
        return new Slot<>(
                label,
                meaning,
                List.of(),
                Completion.Source.FILES_OR_NONE,
                word -> true,
                (word, files) ->
                        word.equalsIgnoreCase("none") ? OperatorFile.NONE : orNone(word, files));
    }

    private static OperatorFile orNone(String word, TextFiles files) {
        try {
            return new OperatorFile(word, files.read(word));
        } catch (InvalidValueException e) {
            throw new InvalidValueException(e.getMessage() + "; 'none' stands for no file");
        }
    }

    private static <T> Function<String, Optional<T>> unlessNone(Function<String, T> reader) {
        return word ->
                word.equalsIgnoreCase("none") ? Optional.empty() : Optional.of(reader.apply(word));
    }

    private static NodeName name(String word) {
        if (word.equalsIgnoreCase("all")) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " cannot follow a name: it stands alone, or follows gtm, gtm_proxy,"
                            + " coordinator or datanode");
        }
        return new NodeName(word);
    }

    /** Nodes that have such a name already keep it. */
    private static NodeName newName(String word) {
        if (Grammar.wordsBesideNames().contains(word.toLowerCase(Locale.ROOT))) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " cannot be the name of a node: it is a word of the command language,"
                            + " and commands could not tell them apart; choose another, as in "
                            + word
                            + "_1");
        }
        return new NodeName(word);
    }

    private static Directory directory(String word) {
        if (word.startsWith("~") || word.contains("$")) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " is not a directory that can be used: nothing expands '~' or '$' here; write it out");
        }
        return new Directory(word);
    }

    private static String swarmNode(String word) {
        if (!word.matches("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")) {
            throw new InvalidValueException(
                    Quoted.of(word) + " is not a hostname, as docker node ls shows them");
        }
        return word;
    }

    private static String constraint(String word) {
        if (!word.matches("[A-Za-z0-9_.-]+ ?[!=]= ?[^ =!'](.*[^ '])?")) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " is not a constraint: NAME==VALUE or NAME!=VALUE, as in"
                            + " node.labels.disk==ssd");
        }
        return word;
    }

    private static NodeKind kind(String word) {
        return Stream.of(NodeKind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(Quoted.of(word) + " is not a kind"));
    }

    private static Path path(String word) {
        try {
            return Path.of(word).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new InvalidValueException(Quoted.of(word) + " is not a path: " + e.getReason());
        }
    }

    private static String image(String word) {
        if (!word.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]*")) {
            throw new InvalidValueException(
                    Quoted.of(word) + " is not the name of an image, as in xlctl:0.1.0");
        }
        return word;
    }

    private static boolean looksLikeFingerprint(String word) {
        return word.toUpperCase(Locale.ROOT).startsWith("SHA256");
    }

    private static String fingerprint(String word) {
        if (!word.matches("SHA256:[A-Za-z0-9+/]{43}")) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " is not a fingerprint: SHA256: and 43 characters, as ssh-keygen -l prints it");
        }
        return word;
    }

    private static Long operationNumber(String word) {
        if (!word.matches("[1-9][0-9]{0,17}")) {
            throw new InvalidValueException(
                    Quoted.of(word)
                            + " is not the number of an operation: 1, 2, ... as operation list shows them");
        }
        return Long.valueOf(word);
    }
}
