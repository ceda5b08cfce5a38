package xlctl.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;

/**
 * A Docker engine that is the manager of a Swarm, in memory. Held to the same contract as the real
 * one. What it does not do by itself, tests make it do.
 */
public final class InMemoryDocker implements Docker {
    public static final String NODE = "node-1";

    private record Service(Labelled called, Optional<ServiceSpec> spec) {}

    private final List<SwarmNode> nodes = new ArrayList<>();
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Labelled> secrets = new LinkedHashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, Labelled> configs = new LinkedHashMap<>();
    private final Map<String, Labelled> volumes = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final Set<String> images = new HashSet<>();
    private final Map<String, String> attached = new HashMap<>();
    private final Map<String, String> troubles = new HashMap<>();
    private Optional<Problem> swarm = Optional.empty();
    private Optional<String> encryption = Optional.empty();
    private String endpoint = "unix:///var/run/docker.sock";
    private Consumer<String> before = call -> {};
    private int made;

    public InMemoryDocker() {
        nodes.add(new SwarmNode("id-1", NODE, true, true, "ready active"));
    }

    /** Called before every change with its words; may throw in its place. */
    public synchronized void beforeEach(Consumer<String> hook) {
        before = hook;
    }

    public synchronized void withImage(String image) {
        images.add(image);
    }

    public synchronized void withNode(SwarmNode node) {
        nodes.add(node);
    }

    public synchronized void outOfSwarm(Problem why) {
        swarm = Optional.of(why);
    }

    public synchronized void cannotEncrypt(String why) {
        encryption = Optional.of(why);
    }

    public synchronized void at(String where) {
        endpoint = where;
    }

    /** Tasks of a service that is made later end with this error, again and again. */
    public synchronized void failing(String service, String error) {
        troubles.put(service, error);
    }

    /** The tasks of a service that runs end with this error, again and again. */
    public synchronized void stop(String service, String error) {
        troubles.put(service, error);
        tasks.removeIf(task -> task.service().equals(service));
        services.get(service).spec().ifPresent(this::start);
    }

    public synchronized void attach(String container, String network) {
        attached.put(container, network);
    }

    public synchronized void detach(String container) {
        attached.remove(container);
    }

    public synchronized void foreignService(String name, Map<String, String> labels) {
        services.put(name, new Service(new Labelled(name, labels), Optional.empty()));
    }

    public synchronized void volume(String name, Map<String, String> labels) {
        volumes.put(name, new Labelled(name, labels));
    }

    /** A secret's bytes, which nothing can read from a real engine. */
    public synchronized byte[] contents(String file) {
        return contents.get(file);
    }

    /** Everything that is there, for comparing what was with what is. */
    public synchronized Set<String> inventory() {
        Set<String> names = new HashSet<>();
        networks.keySet().forEach(name -> names.add("network " + name));
        secrets.keySet().forEach(name -> names.add("secret " + name));
        configs.keySet().forEach(name -> names.add("config " + name));
        volumes.keySet().forEach(name -> names.add("volume " + name));
        services.forEach((name, service) -> names.add("service " + name + " " + service.spec()));
        return names;
    }

    @Override
    public synchronized Engine engine() {
        return new Engine("20.10", NODE, "id-1", swarm, endpoint);
    }

    @Override
    public synchronized List<SwarmNode> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public synchronized boolean hasImage(String image) {
        return images.contains(image);
    }

    @Override
    public synchronized Optional<String> encryptionTrouble(String image) {
        return encryption;
    }

    @Override
    public synchronized List<Network> networks() {
        return List.copyOf(networks.values());
    }

    @Override
    public synchronized void createNetwork(NetworkSpec network) {
        String name = network.called().name();
        before.accept("create network " + name);
        requireFree(networks.containsKey(name), "network", name);
        made++;
        Cidr subnet = network.subnet().orElse(new Cidr("10.0." + made + ".0/24"));
        boolean taken =
                networks.values().stream().anyMatch(other -> other.subnets().contains(subnet));
        networks.put(
                name,
                new Network(
                        "net-" + made,
                        network.called(),
                        network.encrypted(),
                        taken ? List.of() : List.of(subnet)));
    }

    @Override
    public synchronized List<String> usersOf(Network network) {
        List<String> users = new ArrayList<>();
        attached.forEach(
                (container, name) -> {
                    if (name.equals(network.name())) {
                        users.add(container);
                    }
                });
        services.forEach(
                (name, service) -> {
                    if (service.spec()
                            .filter(spec -> spec.networks().contains(network.name()))
                            .isPresent()) {
                        users.add(name);
                    }
                });
        return users;
    }

    @Override
    public synchronized void removeNetwork(String name) {
        before.accept("remove network " + name);
        if (networks.containsKey(name) && !usersOf(networks.get(name)).isEmpty()) {
            throw DockerException.refused("network " + name + " is in use", "");
        }
        networks.remove(name);
    }

    @Override
    public synchronized List<Labelled> secrets(String prefix) {
        return starting(secrets, prefix);
    }

    @Override
    public synchronized void createSecret(Labelled secret, byte[] bytes) {
        before.accept("create secret " + secret.name());
        requireFree(secrets.containsKey(secret.name()), "secret", secret.name());
        secrets.put(secret.name(), secret);
        contents.put(secret.name(), bytes.clone());
    }

    @Override
    public synchronized void removeSecret(String name) {
        before.accept("remove secret " + name);
        for (Service service : services.values()) {
            boolean uses =
                    service.spec()
                            .filter(
                                    spec ->
                                            spec.secrets().stream()
                                                    .anyMatch(
                                                            file ->
                                                                    new SwarmNames(spec.cluster())
                                                                            .secret(file)
                                                                            .equals(name)))
                            .isPresent();
            if (uses) {
                throw DockerException.refused("secret '" + name + "' is in use", "");
            }
        }
        secrets.remove(name);
    }

    @Override
    public synchronized List<Labelled> configs(String prefix) {
        return starting(configs, prefix);
    }

    @Override
    public synchronized void createConfig(Labelled config, byte[] bytes) {
        before.accept("create config " + config.name());
        requireFree(configs.containsKey(config.name()), "config", config.name());
        configs.put(config.name(), config);
        contents.put(config.name(), bytes.clone());
    }

    @Override
    public synchronized void removeConfig(String name) {
        before.accept("remove config " + name);
        configs.remove(name);
    }

    @Override
    public synchronized List<Labelled> volumes(String prefix) {
        return starting(volumes, prefix);
    }

    @Override
    public synchronized void removeVolume(String name) {
        before.accept("remove volume " + name);
        volumes.remove(name);
    }

    @Override
    public synchronized List<Labelled> services(String prefix) {
        Map<String, Labelled> called = new LinkedHashMap<>();
        services.forEach((name, service) -> called.put(name, service.called()));
        return starting(called, prefix);
    }

    @Override
    public synchronized List<ServiceSpec> specs(List<String> names) {
        return names.stream()
                .filter(services::containsKey)
                .flatMap(name -> services.get(name).spec().stream())
                .toList();
    }

    @Override
    public synchronized void createService(ServiceSpec spec) {
        before.accept("create service " + spec.name());
        requireFree(services.containsKey(spec.name()), "service", spec.name());
        services.put(
                spec.name(),
                new Service(
                        new Labelled(spec.name(), ServiceWords.labels(spec)), Optional.of(spec)));
        start(spec);
    }

    private void start(ServiceSpec spec) {
        Optional<String> trouble =
                Optional.ofNullable(troubles.get(spec.name()))
                        .or(
                                () ->
                                        images.contains(spec.image())
                                                ? Optional.empty()
                                                : Optional.of("No such image: " + spec.image()));
        boolean placed =
                spec.constraints().stream()
                        .filter(constraint -> constraint.startsWith("node.hostname=="))
                        .allMatch(
                                constraint ->
                                        nodes.stream()
                                                .anyMatch(
                                                        node ->
                                                                constraint.endsWith(
                                                                        "==" + node.hostname())));
        if (!placed) {
            tasks.add(
                    0,
                    task(
                            spec.name(),
                            "pending",
                            "running",
                            Optional.of("no suitable node (scheduling constraints not satisfied)"),
                            Optional.empty()));
            return;
        }
        volumes.putIfAbsent(spec.volume(), new Labelled(spec.volume(), ServiceWords.labels(spec)));
        if (trouble.isPresent()) {
            String state = trouble.get().startsWith("No such image") ? "rejected" : "failed";
            for (int run = 0; run < 3; run++) {
                tasks.add(0, task(spec.name(), state, "shutdown", trouble, Optional.of("id-1")));
            }
            tasks.add(
                    0,
                    task(
                            spec.name(),
                            "preparing",
                            "running",
                            Optional.empty(),
                            Optional.of("id-1")));
            return;
        }
        tasks.add(
                0, task(spec.name(), "running", "running", Optional.empty(), Optional.of("id-1")));
    }

    private Task task(
            String service,
            String state,
            String desired,
            Optional<String> error,
            Optional<String> node) {
        made++;
        return new Task(
                "task-" + made,
                service,
                node,
                state,
                desired,
                error,
                Instant.EPOCH.plus(Duration.ofSeconds(made)));
    }

    @Override
    public synchronized void updateService(ServiceSpec was, ServiceSpec is) {
        before.accept("update service " + is.name());
        services.put(
                is.name(),
                new Service(services.get(is.name()).called(), Optional.of(was.renewed(is))));
        tasks.removeIf(task -> task.service().equals(is.name()));
        start(is);
    }

    @Override
    public synchronized void removeService(String name) {
        before.accept("remove service " + name);
        services.remove(name);
        tasks.removeIf(task -> task.service().equals(name));
    }

    @Override
    public synchronized List<Task> tasks(List<String> names) {
        return tasks.stream().filter(task -> names.contains(task.service())).toList();
    }

    @Override
    public synchronized List<Task> tasksById(List<String> ids) {
        return tasks.stream().filter(task -> ids.contains(task.id())).toList();
    }

    @Override
    public synchronized List<Container> containers(String service) {
        return tasks.stream()
                .filter(task -> task.service().equals(service))
                .map(task -> new Container(task.id(), task.running()))
                .toList();
    }

    @Override
    public synchronized void removeContainer(String id) {}

    @Override
    public synchronized List<String> lastWords(String service) {
        return List.of();
    }

    private static List<Labelled> starting(Map<String, Labelled> all, String prefix) {
        return all.values().stream().filter(one -> one.name().startsWith(prefix)).toList();
    }

    private static void requireFree(boolean taken, String type, String name) {
        if (taken) {
            throw DockerException.refused(type + " " + name + " already exists", "");
        }
    }
}
