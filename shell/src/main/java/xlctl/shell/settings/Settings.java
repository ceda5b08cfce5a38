package xlctl.shell.settings;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.controller.ControllerSettings;
import xlctl.plan.FoundingSetting;
import xlctl.shell.answer.Format;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.text.Quoted;
import xlctl.text.TextFile;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Networks;
import xlctl.topology.TlsVersion;
import xlctl.yaml.YamlMapping;

/** Every setting with its value and origin. None of them is a secret. */
public final class Settings {
    private static final String DEFAULT = "default";

    /**
     * @param value its text; empty when nothing is set
     * @param origin {@code default}, a file with line and column, a variable, or an option
     */
    public record Setting(Key key, String value, String origin) {
        public Setting {
            requireNonNull(key, "key is null");
            requireNonNull(value, "value is null");
            requireNonNull(origin, "origin is null");
        }
    }

    private final Home home;
    private final Map<Key, Setting> settings;

    private Settings(Home home, Map<Key, Setting> settings) {
        this.home = home;
        this.settings = settings;
    }

    /**
     * Reads all sources. A home without xlctl.yaml is fine.
     *
     * @param options values by key, of the options that were given
     * @throws SettingsException with everything that is wrong in them
     */
    public static Settings read(
            Home home, Map<String, String> environment, Map<Key, String> options) {
        List<String> problems = new ArrayList<>();
        Map<Key, Setting> settings = new EnumMap<>(Key.class);
        for (Key key : Key.values()) {
            settings.put(key, new Setting(key, defaultValue(key, home), DEFAULT));
        }
        readFile(home.settingsFile(), settings, problems);
        for (Key key : Key.values()) {
            Optional.ofNullable(environment.get(key.variable()))
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> put(settings, key, text, key.variable(), problems));
        }
        options.forEach((key, text) -> put(settings, key, text, "--" + key.keyName(), problems));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Settings(home, settings);
    }

    public Home home() {
        return home;
    }

    /** In the order of {@link Key}. */
    public List<Setting> all() {
        return List.copyOf(settings.values());
    }

    /**
     * @throws SettingsException when no cluster is named
     */
    public ClusterName requiredCluster() {
        return cluster().orElseThrow(this::noCluster);
    }

    public Optional<ClusterName> cluster() {
        String name = text(Key.CLUSTER);
        return name.isEmpty() ? Optional.empty() : Optional.of(new ClusterName(name));
    }

    /**
     * What the controller needs of them.
     *
     * @throws SettingsException when no cluster is named
     */
    public ControllerSettings forController() {
        return new ControllerSettings(
                requiredCluster(),
                text(Key.ZOOKEEPER),
                file(Key.ZOOKEEPER_IDENTITY),
                file(Key.SSH_KEY),
                EngineKind.parse(text(Key.ENGINE)),
                new Networks(
                        Key.networks(text(Key.NETWORKS_CLUSTER)),
                        Key.networks(text(Key.NETWORKS_CLIENTS)),
                        tls()),
                foundingOrigins(),
                swarm(),
                Key.duration(text(Key.OBSERVATION_DEADLINE)),
                Key.duration(text(Key.STEP_TIMEOUT)),
                Key.durationOrNone(text(Key.WAIT)));
    }

    /** How reading commands answer that name no format. */
    public Format output() {
        return Format.parse(text(Key.OUTPUT));
    }

    private Map<FoundingSetting, String> foundingOrigins() {
        Map<FoundingSetting, String> origins = new EnumMap<>(FoundingSetting.class);
        for (Setting setting : settings.values()) {
            boolean said = !setting.origin().equals(DEFAULT);
            setting.key()
                    .founding()
                    .filter(founding -> said)
                    .ifPresent(founding -> origins.put(founding, setting.origin()));
        }
        if (unlessEmpty(Key.NETWORKS_TLS).isEmpty()) {
            origins.remove(FoundingSetting.TLS);
        }
        return origins;
    }

    /** The network of a Swarm is encrypted already. */
    private Optional<TlsVersion> tls() {
        boolean stock = EngineKind.parse(text(Key.ENGINE)) == EngineKind.POSTGRESQL;
        Optional<String> wanted = unlessEmpty(Key.NETWORKS_TLS);
        if (wanted.isEmpty()) {
            return stock && !Key.yesOrNo(text(Key.SWARM_SERVICES))
                    ? Optional.of(TlsVersion.TLS_1_2)
                    : Optional.empty();
        }
        Optional<TlsVersion> tls = Key.tls(wanted.get());
        if (tls.isPresent() && !stock) {
            throw new SettingsException(
                    List.of(
                            settings.get(Key.NETWORKS_TLS).origin()
                                    + ": networks.tls is "
                                    + wanted.get()
                                    + ", but the servers of the engine "
                                    + text(Key.ENGINE)
                                    + " do not speak TLS among each other: leave it out, and see"
                                    + " that the network is encrypted"));
        }
        return tls;
    }

    /** What the services of a cluster have in common. */
    public SwarmSettings swarm() {
        return new SwarmSettings(
                Key.yesOrNo(text(Key.SWARM_SERVICES)),
                text(Key.SWARM_IMAGE),
                new ServiceSpec.Limits(unlessEmpty(Key.SWARM_MEMORY), unlessEmpty(Key.SWARM_CPUS)),
                Key.duration(text(Key.SWARM_STOP_GRACE)));
    }

    private Optional<String> unlessEmpty(Key key) {
        return Optional.of(text(key)).filter(text -> !text.isEmpty());
    }

    private SettingsException noCluster() {
        return new SettingsException(
                List.of(
                        "no cluster is named: write \"cluster: NAME\" into "
                                + home.settingsFile()
                                + ", set "
                                + Key.CLUSTER.variable()
                                + ", or give --cluster NAME; another home is named by --home or "
                                + Home.VARIABLE));
    }

    private String text(Key key) {
        return settings.get(key).value();
    }

    /** A file's relative name starts at the home. */
    private Path file(Key key) {
        try {
            return home.directory().resolve(text(key));
        } catch (InvalidPathException e) {
            throw new SettingsException(
                    List.of(
                            settings.get(key).origin()
                                    + ": "
                                    + key.keyName()
                                    + " is "
                                    + Quoted.of(text(key))
                                    + ", which is not a path: "
                                    + e.getReason()
                                    + "; letters beyond ASCII need LC_ALL=C.UTF-8 in the"
                                    + " environment"));
        }
    }

    private static String defaultValue(Key key, Home home) {
        return switch (key) {
            case ZOOKEEPER_IDENTITY -> home.zooKeeperIdentity().toString();
            case SSH_KEY -> home.sshKey().toString();
            case SWARM_IMAGE -> "xlctl:" + ProgramVersion.number();
            default -> key.defaultText();
        };
    }

    private static void put(
            Map<Key, Setting> settings,
            Key key,
            String text,
            String origin,
            List<String> problems) {
        try {
            settings.put(key, new Setting(key, key.checked(text), origin));
        } catch (InvalidValueException e) {
            problems.add(origin + ": " + e.getMessage());
        }
    }

    private static void readFile(Path file, Map<Key, Setting> settings, List<String> problems) {
        String text;
        try {
            text = TextFile.read(file);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + e.getMessage());
            return;
        }
        YamlMapping root = YamlMapping.read(text, file.toString());
        for (Key key : Key.values()) {
            String last = key.keyName().substring(key.keyName().indexOf('.') + 1);
            Optional<YamlMapping> place =
                    key.mapping().map(root::mapping).orElseGet(() -> Optional.of(root));
            place.ifPresent(mapping -> take(mapping, last, key, settings));
        }
        problems.addAll(root.problems());
    }

    private static void take(
            YamlMapping mapping, String name, Key key, Map<Key, Setting> settings) {
        Optional<String> value =
                key.isList() ? listed(mapping, name, key) : mapping.optional(name, key::checked);
        value.ifPresent(
                text ->
                        settings.put(
                                key, new Setting(key, text, mapping.place(name).orElseThrow())));
    }

    private static Optional<String> listed(YamlMapping mapping, String name, Key key) {
        List<String> values = mapping.list(name, key::checked);
        return mapping.has(name) ? Optional.of(String.join(", ", values)) : Optional.empty();
    }
}
