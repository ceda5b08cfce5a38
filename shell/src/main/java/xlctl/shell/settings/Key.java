package xlctl.shell.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.plan.FoundingSetting;
import xlctl.shell.answer.Format;
import xlctl.text.Quoted;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;
import xlctl.topology.TlsVersion;

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
    NETWORKS_TLS(
            "networks.tls",
            "the oldest TLS that a new cluster's servers take, 1.2 or 1.3, or no;"
                    + " empty: 1.2 on the engine postgresql outside a Swarm, else no",
            "",
            Key::tls),
    OBSERVATION_DEADLINE(
            "observation-deadline",
            "how long to wait for silent hosts when looking at the cluster",
            "2s",
            Key::duration),
    OUTPUT("output", "how reading commands answer: text, json, yaml or tsv", "text", Format::parse),
    STEP_TIMEOUT("step-timeout", "how long one step of an operation may take", "5m", Key::duration),
    WAIT(
            "wait",
            "how long a command waits while another shell changes the cluster; 0s: not at all",
            "15s",
            Key::durationOrNone),
    SWARM_SERVICES(
            "swarm.services",
            "whether the host of an add becomes a Docker service where it is not registered: yes or no",
            "no",
            Key::yesOrNo),
    SWARM_IMAGE("swarm.image", "the image of services", "xlctl:VERSION", Key::checkImage),
    SWARM_MEMORY(
            "swarm.memory",
            "how much memory each service may have, as in 2g; empty: any",
            "",
            Key::checkMemory),
    SWARM_CPUS(
            "swarm.cpus",
            "how many processors each service may have, as in 1.5; empty: any",
            "",
            Key::checkCpus),
    SWARM_STOP_GRACE(
            "swarm.stop-grace",
            "how long the servers of a service have to end before they are killed",
            "60s",
            Key::duration);

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m)");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
    private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]{0,14}[bkmg]");
    private static final Pattern CPUS = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,9})?");

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

    /** What holds when nothing is said; for people where it depends on the home or the version. */
    public String defaultText() {
        return defaultText;
    }

    /** The variable that sets it. */
    public String variable() {
        return "XLCTL_" + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** The mapping in xlctl.yaml that it lies in; empty for none. */
    Optional<String> mapping() {
        int dot = name.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(name.substring(0, dot));
    }

    /** Which of those it is that are taken when a cluster is made; empty for none of them. */
    Optional<FoundingSetting> founding() {
        return switch (this) {
            case ENGINE -> Optional.of(FoundingSetting.ENGINE);
            case NETWORKS_CLUSTER -> Optional.of(FoundingSetting.CLUSTER_NETWORKS);
            case NETWORKS_CLIENTS -> Optional.of(FoundingSetting.CLIENT_NETWORKS);
            case NETWORKS_TLS -> Optional.of(FoundingSetting.TLS);
            default -> Optional.empty();
        };
    }

    /** Whether it has several values, a list in xlctl.yaml. */
    boolean isList() {
        return this == NETWORKS_CLUSTER || this == NETWORKS_CLIENTS;
    }

    /**
     * The same text.
     *
     * @throws InvalidValueException when it cannot be this setting's value
     */
    public String checked(String text) {
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

    /**
     * A time as settings have it.
     *
     * @throws InvalidValueException when it is none
     */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is not a time: a whole number with ms, s or m, as in 2s");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    static Duration durationOrNone(String text) {
        return text.equals("0s") ? Duration.ZERO : duration(text);
    }

    /** Empty for no TLS. */
    static Optional<TlsVersion> tls(String text) {
        if (text.equals("no")) {
            return Optional.empty();
        }
        return Optional.of(
                Stream.of(TlsVersion.values())
                        .filter(version -> version.number().equals(text))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new InvalidValueException(
                                                "\""
                                                        + text
                                                        + "\" is neither 1.2 nor 1.3, the oldest TLS"
                                                        + " that servers take, nor no")));
    }

    static boolean yesOrNo(String text) {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new InvalidValueException(Quoted.of(text) + " is neither yes nor no");
        }
        return text.equals("yes");
    }

    private static void checkImage(String text) {
        if (!IMAGE.matcher(text).matches()) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is not an image: NAME:TAG, as in xlctl:1.0");
        }
    }

    private static void checkMemory(String text) {
        if (!MEMORY.matcher(text).matches()) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + " is not an amount of memory: a whole number with b, k, m or g,"
                            + " as in 2g");
        }
    }

    private static void checkCpus(String text) {
        if (!CPUS.matcher(text).matches() || Double.parseDouble(text) == 0) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is not a number of processors: more than 0, as in 1.5");
        }
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
