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
import xlctl.json.JsonTree;

/** Docker by its program {@code docker}, of which client and engine may be 20.10 or newer. */
public final class DockerCli implements Docker {
    private static final Duration LIMIT = Duration.ofSeconds(30);
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
    private final DockerObjects objects;

    private DockerCli(DockerProgram program) {
        this.program = program;
        this.objects = new DockerObjects(program);
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
        DockerProgram.Output output = program.run(doing, List.of("info", "--format", "{{json .}}"));
        if (output.out().isBlank()) {
            throw DockerComplaint.exception(doing, output.err());
        }
        JsonTree info = DockerObjects.json(output.out(), doing);
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
                        List.of("context", "inspect", "--format", "{{.Endpoints.docker.Host}}"));
        return output.out().strip();
    }

    @Override
    public List<SwarmNode> nodes() {
        String doing = "asking for the machines of the Swarm";
        return objects.inspect(doing, "node", objects.ids(doing, "node", "ls", "-q")).stream()
                .map(DockerReading::node)
                .sorted(Comparator.comparing(SwarmNode::hostname))
                .toList();
    }

    @Override
    public boolean hasImage(String image) {
        String doing = "looking for the image " + image;
        DockerProgram.Output output =
                program.run(doing, List.of("image", "inspect", "--format", "{{.Id}}", "--", image));
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
        DockerProgram.Output output = program.run(doing, words);
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
        return objects
                .inspect(doing, "network", objects.ids(doing, "network", "ls", "-q", "--no-trunc"))
                .stream()
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
        words.addAll(DockerObjects.words(network.called()));
        objects.done("making the network " + network.called().name(), words);
    }

    @Override
    public List<String> usersOf(Network network) {
        String doing = "asking what is attached to the network " + network.name();
        List<String> users = new ArrayList<>();
        for (JsonTree found : objects.inspect(doing, "network", List.of(network.id()))) {
            for (String key : found.keys("Containers")) {
                found.text("Containers", key, "Name")
                        .filter(name -> !name.endsWith("-endpoint"))
                        .ifPresent(users::add);
            }
        }
        for (JsonTree service :
                objects.inspect(doing, "service", objects.ids(doing, "service", "ls", "-q"))) {
            if (ServiceReading.attached(service).contains(network.id())) {
                service.text("Spec", "Name").ifPresent(users::add);
            }
        }
        return List.copyOf(users);
    }

    @Override
    public void removeNetwork(String name) {
        objects.remove("network", name);
    }

    @Override
    public List<Labelled> secrets(String prefix) {
        return objects.labelled("secret", prefix);
    }

    @Override
    public void createSecret(Labelled secret, byte[] contents) {
        objects.createFile("secret", secret, contents);
    }

    @Override
    public void removeSecret(String name) {
        objects.remove("secret", name);
    }

    @Override
    public List<Labelled> configs(String prefix) {
        return objects.labelled("config", prefix);
    }

    @Override
    public void createConfig(Labelled config, byte[] contents) {
        objects.createFile("config", config, contents);
    }

    @Override
    public void removeConfig(String name) {
        objects.remove("config", name);
    }

    @Override
    public List<Labelled> volumes(String prefix) {
        String doing = "asking for volumes";
        List<String> names = objects.ids(doing, "volume", "ls", "-q", "--filter", "name=" + prefix);
        return objects.inspect(doing, "volume", names).stream()
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
        objects.remove("volume", name);
    }

    @Override
    public List<Labelled> services(String prefix) {
        return objects.labelled("service", prefix);
    }

    @Override
    public List<ServiceSpec> specs(List<String> services) {
        if (services.isEmpty()) {
            return List.of();
        }
        Map<String, String> networks =
                networks().stream().collect(Collectors.toMap(Network::id, Network::name));
        return objects.inspect("asking for services", "service", services).stream()
                .flatMap(service -> ServiceReading.of(service, networks).stream())
                .toList();
    }

    @Override
    public void createService(ServiceSpec service) {
        objects.done(
                "making the service " + service.name(),
                ServiceWords.create(service, hasImage(service.image())));
    }

    @Override
    public void updateService(ServiceSpec was, ServiceSpec is) {
        String doing = "changing the service " + is.name();
        List<String> words = ServiceWords.update(was, is, hasImage(is.image()));
        DockerProgram.Output output = program.run(doing, words);
        for (int again = 1; again < TRIES && isStale(output); again++) {
            // The program reads the service anew each time.
            output = program.run(doing, words);
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
        objects.remove("service", name);
    }

    @Override
    public List<Task> tasks(List<String> services) {
        if (services.isEmpty()) {
            return List.of();
        }
        String doing = "asking for the tasks of services";
        Map<String, String> names = new HashMap<>();
        for (JsonTree service : objects.inspect(doing, "service", services)) {
            names.put(service.text("ID").orElse(""), service.text("Spec", "Name").orElse(""));
        }
        if (names.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of("service", "ps", "-q", "--no-trunc"));
        words.addAll(names.keySet());
        return tasks(objects.ids(doing, words.toArray(String[]::new)), names);
    }

    @Override
    public List<Task> tasksById(List<String> ids) {
        return tasks(ids, Map.of());
    }

    private List<Task> tasks(List<String> ids, Map<String, String> services) {
        return objects.inspect("asking for tasks", "task", ids).stream()
                .map(task -> DockerReading.task(task, services))
                .sorted(Comparator.comparing(Task::since).reversed())
                .toList();
    }

    @Override
    public List<Container> containers(String service) {
        String doing = "asking for the containers of the service " + service;
        String filter = "label=com.docker.swarm.service.name=" + service;
        List<String> ids = objects.ids(doing, "ps", "-aq", "--no-trunc", "--filter", filter);
        return objects.inspect(doing, "container", ids).stream()
                .map(
                        container ->
                                new Container(
                                        container.text("Id").orElse(""),
                                        container.isTrue("State", "Running")))
                .toList();
    }

    @Override
    public void removeContainer(String id) {
        objects.remove("container", id);
    }

    @Override
    public List<String> lastWords(String service) {
        DockerProgram.Output output =
                program.run(
                        "reading the log of the service " + service,
                        List.of("service", "logs", "--raw", "--tail", "5", service));
        return (output.out() + output.err())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
