package xlctl.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.json.JsonException;
import xlctl.json.JsonTree;

/** Docker by its program {@code docker}, of which client and engine may be 20.10 or newer. */
public final class DockerCli implements Docker {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final byte[] NOTHING = {};
    private static final int TRIES = 5;

    /** As it asks the kernel for what Docker itself asks for; the key is no secret. */
    private static final List<String> ENCRYPTION_PROBE =
            List.of(
                    "xfrm",
                    "state",
                    "add",
                    "src",
                    "192.0.2.1",
                    "dst",
                    "192.0.2.2",
                    "proto",
                    "esp",
                    "spi",
                    "1",
                    "mode",
                    "transport",
                    "aead",
                    "rfc4106(gcm(aes))",
                    "0x" + "00112233445566778899aabbccddeeff01234567",
                    "64");

    private static final Set<String> KERNEL_CANNOT = Set.of("RTNETLINK", "Error:");

    private final DockerProgram program;

    private DockerCli(DockerProgram program) {
        this.program = program;
    }

    /** The engine that {@code docker} reaches here by itself: by its context or DOCKER_HOST. */
    public static DockerCli ofThisMachine() {
        return with("docker", Map.of());
    }

    /**
     * @param environment added to this process's
     */
    static DockerCli with(String program, Map<String, String> environment) {
        return new DockerCli(new DockerProgram(program, environment, LIMIT));
    }

    @Override
    public Engine engine() {
        String doing = "asking the Docker engine";
        DockerProgram.Output output =
                program.run(doing, List.of("info", "--format", "{{json .}}"), NOTHING);
        if (output.out().isBlank()) {
            throw DockerComplaint.exception(doing, output.err());
        }
        JsonTree info = json(output.out(), doing);
        List<String> errors = info.texts("ServerErrors");
        if (!output.ok() || !errors.isEmpty()) {
            throw DockerComplaint.exception(doing, String.join("\n", errors) + output.err());
        }
        return new Engine(
                info.text("ServerVersion").orElse("?"),
                info.text("Name").orElse("?"),
                info.text("Swarm", "NodeID").orElse(""),
                DockerReading.swarmTrouble(info),
                endpoint());
    }

    private String endpoint() {
        DockerProgram.Output output =
                program.run(
                        "asking which engine docker reaches",
                        List.of("context", "inspect", "--format", "{{.Endpoints.docker.Host}}"),
                        NOTHING);
        return output.out().strip();
    }

    @Override
    public List<SwarmNode> nodes() {
        String doing = "asking for the machines of the Swarm";
        return inspect(doing, "node", ids(doing, "node", "ls", "-q")).stream()
                .map(DockerReading::node)
                .sorted(Comparator.comparing(SwarmNode::hostname))
                .toList();
    }

    @Override
    public boolean hasImage(String image) {
        String doing = "looking for the image " + image;
        DockerProgram.Output output =
                program.run(
                        doing,
                        List.of("image", "inspect", "--format", "{{.Id}}", "--", image),
                        NOTHING);
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.NO_IMAGE) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return output.ok();
    }

    @Override
    public Optional<String> encryptionTrouble(String image) {
        String doing = "trying in a container of " + image + " whether the kernel can encrypt";
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--rm",
                                "--network",
                                "none",
                                "--cap-add",
                                "NET_ADMIN",
                                "--user",
                                "0",
                                "--entrypoint",
                                "ip",
                                "--",
                                image));
        words.addAll(ENCRYPTION_PROBE);
        DockerProgram.Output output = program.run(doing, words, NOTHING);
        if (output.ok()) {
            return Optional.empty();
        }
        if (KERNEL_CANNOT.stream().noneMatch(output.err().strip()::startsWith)) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return Optional.of(DockerComplaint.words(output.err()));
    }

    @Override
    public List<Network> networks() {
        String doing = "asking for networks";
        return inspect(doing, "network", ids(doing, "network", "ls", "-q", "--no-trunc")).stream()
                .map(DockerReading::network)
                .toList();
    }

    @Override
    public void createNetwork(NetworkSpec network) {
        List<String> words = new ArrayList<>(List.of("network", "create", "--driver", "overlay"));
        if (network.internal()) {
            words.add("--internal");
        }
        if (network.attachable()) {
            words.add("--attachable");
        }
        if (network.encrypted()) {
            words.addAll(List.of("--opt", "encrypted"));
        }
        network.subnet().ifPresent(subnet -> words.addAll(List.of("--subnet", subnet.value())));
        words.addAll(labelled(network.called()));
        done("making the network " + network.called().name(), words, NOTHING);
    }

    @Override
    public List<String> usersOf(Network network) {
        String doing = "asking what is attached to the network " + network.name();
        List<String> users = new ArrayList<>();
        for (JsonTree found : inspect(doing, "network", List.of(network.id()))) {
            for (String key : found.keys("Containers")) {
                found.text("Containers", key, "Name")
                        .filter(name -> !name.endsWith("-endpoint"))
                        .ifPresent(users::add);
            }
        }
        for (JsonTree service : inspect(doing, "service", ids(doing, "service", "ls", "-q"))) {
            if (ServiceReading.attached(service).contains(network.id())) {
                service.text("Spec", "Name").ifPresent(users::add);
            }
        }
        return List.copyOf(users);
    }

    @Override
    public void removeNetwork(String name) {
        remove("network", name);
    }

    @Override
    public List<Labelled> secrets(String prefix) {
        return labelled("secret", prefix);
    }

    @Override
    public void createSecret(Labelled secret, byte[] contents) {
        createFile("secret", secret, contents);
    }

    @Override
    public void removeSecret(String name) {
        remove("secret", name);
    }

    @Override
    public List<Labelled> configs(String prefix) {
        return labelled("config", prefix);
    }

    @Override
    public void createConfig(Labelled config, byte[] contents) {
        createFile("config", config, contents);
    }

    @Override
    public void removeConfig(String name) {
        remove("config", name);
    }

    private void createFile(String type, Labelled file, byte[] contents) {
        List<String> words = new ArrayList<>(List.of(type, "create"));
        words.addAll(labelled(file));
        words.add("-");
        done("making the " + type + " " + file.name(), words, contents);
    }

    @Override
    public List<Labelled> volumes(String prefix) {
        String doing = "asking for volumes";
        List<String> names = ids(doing, "volume", "ls", "-q", "--filter", "name=" + prefix);
        return inspect(doing, "volume", names).stream()
                .map(
                        volume ->
                                new Labelled(
                                        volume.text("Name").orElse(""),
                                        volume.textsByName("Labels")))
                .filter(volume -> volume.name().startsWith(prefix))
                .toList();
    }

    @Override
    public void removeVolume(String name) {
        remove("volume", name);
    }

    @Override
    public List<Labelled> services(String prefix) {
        return labelled("service", prefix);
    }

    @Override
    public List<ServiceSpec> specs(List<String> services) {
        if (services.isEmpty()) {
            return List.of();
        }
        Map<String, String> networks =
                networks().stream().collect(Collectors.toMap(Network::id, Network::name));
        return inspect("asking for services", "service", services).stream()
                .flatMap(service -> ServiceReading.of(service, networks).stream())
                .toList();
    }

    @Override
    public void createService(ServiceSpec service) {
        done(
                "making the service " + service.name(),
                ServiceWords.create(service, hasImage(service.image())),
                NOTHING);
    }

    @Override
    public void updateService(ServiceSpec was, ServiceSpec is) {
        String doing = "changing the service " + is.name();
        List<String> words = ServiceWords.update(was, is, hasImage(is.image()));
        DockerProgram.Output output = program.run(doing, words, NOTHING);
        for (int again = 1; again < TRIES && isStale(output); again++) {
            // The program reads the service anew each time.
            output = program.run(doing, words, NOTHING);
        }
        if (!output.ok()) {
            throw DockerComplaint.exception(doing, output.err());
        }
    }

    private static boolean isStale(DockerProgram.Output output) {
        return !output.ok() && DockerComplaint.of(output.err()) == DockerComplaint.OUT_OF_SEQUENCE;
    }

    @Override
    public void removeService(String name) {
        remove("service", name);
    }

    @Override
    public List<Task> tasks(List<String> services) {
        if (services.isEmpty()) {
            return List.of();
        }
        String doing = "asking for the tasks of services";
        Map<String, String> names = new HashMap<>();
        for (JsonTree service : inspect(doing, "service", services)) {
            names.put(service.text("ID").orElse(""), service.text("Spec", "Name").orElse(""));
        }
        if (names.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of("service", "ps", "-q", "--no-trunc"));
        words.addAll(names.keySet());
        return tasks(ids(doing, words.toArray(String[]::new)), names);
    }

    @Override
    public List<Task> tasksById(List<String> ids) {
        return tasks(ids, Map.of());
    }

    private List<Task> tasks(List<String> ids, Map<String, String> services) {
        return inspect("asking for tasks", "task", ids).stream()
                .map(task -> DockerReading.task(task, services))
                .sorted(Comparator.comparing(Task::since).reversed())
                .toList();
    }

    @Override
    public List<Container> containers(String service) {
        String doing = "asking for the containers of the service " + service;
        String filter = "label=com.docker.swarm.service.name=" + service;
        List<String> ids = ids(doing, "ps", "-aq", "--no-trunc", "--filter", filter);
        return inspect(doing, "container", ids).stream()
                .map(
                        container ->
                                new Container(
                                        container.text("Id").orElse(""),
                                        container.isTrue("State", "Running")))
                .toList();
    }

    @Override
    public void removeContainer(String id) {
        remove("container", id);
    }

    @Override
    public List<String> lastWords(String service) {
        DockerProgram.Output output =
                program.run(
                        "reading the log of the service " + service,
                        List.of("service", "logs", "--raw", "--tail", "5", service),
                        NOTHING);
        return (output.out() + output.err())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private List<Labelled> labelled(String type, String prefix) {
        String doing = "asking for " + type + "s";
        List<String> ids = ids(doing, type, "ls", "-q", "--filter", "name=" + prefix);
        return inspect(doing, type, ids).stream()
                .map(
                        found ->
                                new Labelled(
                                        found.text("Spec", "Name").orElse(""),
                                        found.textsByName("Spec", "Labels")))
                .filter(found -> found.name().startsWith(prefix))
                .toList();
    }

    private static List<String> labelled(Labelled called) {
        List<String> words = new ArrayList<>();
        called.labels()
                .forEach((name, value) -> words.addAll(List.of("--label", name + "=" + value)));
        words.add(called.name());
        return words;
    }

    private List<String> ids(String doing, String... words) {
        DockerProgram.Output output = program.run(doing, List.of(words), NOTHING);
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return output.out().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** Those of them that are there: what went meanwhile is left out. */
    private List<JsonTree> inspect(String doing, String type, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        // Debian 12's client knows no configs under the general word, and a task is not a command.
        List<String> words =
                new ArrayList<>(
                        type.equals("task")
                                ? List.of("inspect", "--type", type, "--")
                                : List.of(type, "inspect", "--"));
        words.addAll(ids);
        DockerProgram.Output output = program.run(doing, words, NOTHING);
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return json(output.out(), doing).list();
    }

    private void done(String doing, List<String> words, byte[] input) {
        DockerProgram.Output output = program.run(doing, words, input);
        if (!output.ok()) {
            throw DockerComplaint.exception(doing, output.err());
        }
    }

    private void remove(String type, String name) {
        String doing = "removing the " + type + " " + name;
        DockerProgram.Output output = program.run(doing, List.of(type, "rm", name), NOTHING);
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
    }

    private static JsonTree json(String text, String doing) {
        try {
            return JsonTree.read(text, "what docker printed");
        } catch (JsonException e) {
            throw DockerException.failed(doing + ": " + e.getMessage(), "");
        }
    }
}
