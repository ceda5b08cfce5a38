package xlctl.shell.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;

/** A setting: its name in xlctl.yaml, what it means and what it can be. */
public enum Key {
    CLUSTER("cluster", "the cluster's name", "", ClusterName::new),
    ZOOKEEPER(
            "zookeeper",
            "the ZooKeeper servers: HOST:PORT, several with commas between them",
            "127.0.0.1:2181",
            Key::checkServers),
    ZOOKEEPER_IDENTITY(
            "zookeeper-identity",
            "the file with the controller's ZooKeeper identity",
            "zookeeper-identity in the home",
            Key::checkNotBlank),
    SSH_KEY(
            "ssh-key",
            "the file with the private key that agents accept",
            "ssh-key in the home",
            Key::checkNotBlank),
    ENGINE(
            "engine",
            "the server software of a cluster that is made new: postgresql, postgres-xl or opentenbase",
            "postgresql",
            EngineKind::parse),
    NETWORKS_CLUSTER(
            "networks.cluster",
            "from where a new cluster's servers may be reached by its own; empty: each host's address",
            "",
            Key::networks),
    NETWORKS_CLIENTS(
            "networks.clients",
            "from where clients may reach a new cluster's coordinators; empty: from nowhere",
            "",
            Key::networks),
    OBSERVATION_DEADLINE(
            "observation-deadline",
            "how long to wait for silent hosts when looking at the cluster",
            "2s",
            Key::duration),
    STEP_TIMEOUT("step-timeout", "how long one step of an operation may take", "5m", Key::duration);

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m)");

    private final String name;
    private final String meaning;
    private final String defaultText;

    @SuppressWarnings("ImmutableEnumChecker") // A method that holds nothing.
    private final Consumer<String> check;

    Key(String name, String meaning, String defaultText, Consumer<String> check) {
        this.name = name;
        this.meaning = meaning;
        this.defaultText = defaultText;
        this.check = check;
    }

    /** As xlctl.yaml has it, with a dot where it lies in a mapping. */
    public String keyName() {
        return name;
    }

    public String meaning() {
        return meaning;
    }

    /** What holds when nothing is said; for people where it depends on the home. */
    public String defaultText() {
        return defaultText;
    }

    /** The variable that sets it. */
    public String variable() {
        return "XLCTL_" + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** Whether it has several values, a list in xlctl.yaml. */
    boolean isList() {
        return this == NETWORKS_CLUSTER || this == NETWORKS_CLIENTS;
    }

    String checked(String text) {
        check.accept(text);
        return text;
    }

    static List<Cidr> networks(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(Cidr::new)
                .toList();
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException(
                    "\"" + text + "\" is not a time: a whole number with ms, s or m, as in 2s");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static void checkServers(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("no ZooKeeper server is named: HOST:PORT");
        }
        Arrays.stream(text.split(",", -1)).forEach(HostPort::parse);
    }

    private static void checkNotBlank(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("it is empty: name a file");
        }
    }
}
