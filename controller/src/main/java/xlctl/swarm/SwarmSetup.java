package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Problem;

/**
 * Makes what a cluster needs in Docker before its first member: networks, keys, ZooKeeper and the
 * control service. What is there of the cluster stays; what a failed run made is taken away again.
 */
public final class SwarmSetup {
    /**
     * What is to be made.
     *
     * @param allowUnencrypted whether a kernel that cannot encrypt is good enough
     * @param clusterSubnet of the cluster's network; empty: Docker chooses
     * @param clientSubnet of the clients' network; empty: Docker chooses
     * @param clientsElsewhere networks of clients that come in by published ports
     */
    public record Wish(
            EngineKind engine,
            SwarmSettings services,
            boolean allowUnencrypted,
            Optional<Cidr> clusterSubnet,
            Optional<Cidr> clientSubnet,
            List<Cidr> clientsElsewhere) {
        public Wish {
            requireNonNull(engine, "engine is null");
            requireNonNull(services, "services is null");
            requireNonNull(clusterSubnet, "clusterSubnet is null");
            requireNonNull(clientSubnet, "clientSubnet is null");
            clientsElsewhere = List.copyOf(clientsElsewhere);
        }
    }

    /**
     * What there is now, each thing with its type and name.
     *
     * @param made by this run
     * @param kept as it was
     * @param changed services that were there and were given another image or other limits
     * @param warnings what the operator should know
     */
    public record Result(
            List<String> made, List<String> kept, List<String> changed, List<Problem> warnings) {
        public Result {
            made = List.copyOf(made);
            kept = List.copyOf(kept);
            changed = List.copyOf(changed);
            warnings = List.copyOf(warnings);
        }
    }

    private static final Duration ALLOCATION = Duration.ofSeconds(10);

    private final Docker docker;
    private final SwarmNames names;
    private final Patience usual;

    public SwarmSetup(Docker docker, ClusterName cluster) {
        this(docker, cluster, Patience.USUAL);
    }

    SwarmSetup(Docker docker, ClusterName cluster, Patience patience) {
        this.docker = requireNonNull(docker, "docker is null");
        this.names = new SwarmNames(cluster);
        this.usual = requireNonNull(patience, "patience is null");
    }

    /**
     * Makes what is missing, and waits until both services run.
     *
     * @param progress is told what is being done
     * @param cancelled whether to end soon, with what this run made taken away
     * @throws DockerException with everything that stands against it; nothing of this run is left,
     *     unless it says so
     */
    public Result init(Wish wish, Consumer<String> progress, BooleanSupplier cancelled) {
        return new Run(wish, progress, usual.until(cancelled)).init();
    }

    /** One run, which knows what it made. */
    private final class Run {
        private final Wish wish;
        private final Consumer<String> progress;
        private final Patience patience;
        private final Undoing undoing;
        private final List<String> made = new ArrayList<>();
        private final List<String> kept = new ArrayList<>();
        private final List<String> changed = new ArrayList<>();

        /**
         * A service that is to run.
         *
         * @param past tasks that do not count
         */
        private record Awaited(String service, List<String> past) {}

        Run(Wish wish, Consumer<String> progress, Patience patience) {
            this.wish = wish;
            this.progress = progress;
            this.patience = patience;
            this.undoing = new Undoing(progress);
        }

        Result init() {
            progress.accept("looking at Docker");
            Docker.Engine engine = docker.engine();
            engine.swarm().ifPresent(Run::refuse);
            if (!docker.hasImage(wish.services().image())) {
                refuse(
                        Problem.of(
                                "this Docker engine has no image " + wish.services().image(),
                                "make it with swarm/build-image, or docker pull it, or name"
                                        + " another with --image"));
            }
            EngineSocket socket = EngineSocket.of(engine.endpoint());
            Belongings there = Belongings.of(docker, names);
            SetupChecks checks = check(there);
            try {
                network(there, clusterNetwork(checks.encrypts()));
                network(there, clientNetwork());
                for (ClusterKeys keys : ClusterKeys.values()) {
                    make(there, keys);
                }
                ClusterSpecs specs =
                        new ClusterSpecs(
                                names.cluster(),
                                wish.engine(),
                                subnet(names.clusterNetwork()),
                                clients(),
                                wish.services(),
                                engine.hostname(),
                                socket);
                List<Awaited> services =
                        List.of(service(there, specs.zooKeeper()), service(there, specs.control()));
                services.forEach(this::awaitRunning);
            } catch (RuntimeException e) {
                throw undoing.after(e);
            }
            return new Result(made, kept, changed, checks.warnings());
        }

        private SetupChecks check(Belongings there) {
            SetupChecks checks =
                    new SetupChecks(
                            names,
                            wish,
                            there,
                            docker.networks(),
                            docker.nodes().size() > 1,
                            docker.encryptionTrouble(wish.services().image()));
            List<Problem> reasons = checks.reasons();
            if (!reasons.isEmpty()) {
                throw new DockerException(DockerException.Kind.REFUSED, reasons);
            }
            return checks;
        }

        private static void refuse(Problem why) {
            throw new DockerException(DockerException.Kind.REFUSED, why);
        }

        private Docker.NetworkSpec clusterNetwork(boolean encrypted) {
            return new Docker.NetworkSpec(
                    new Docker.Labelled(names.clusterNetwork(), names.labels(Part.NETWORK)),
                    true,
                    false,
                    encrypted,
                    wish.clusterSubnet());
        }

        private Docker.NetworkSpec clientNetwork() {
            return new Docker.NetworkSpec(
                    new Docker.Labelled(names.clientNetwork(), names.labels(Part.NETWORK)),
                    false,
                    true,
                    false,
                    wish.clientSubnet());
        }

        private void network(Belongings there, Docker.NetworkSpec wanted) {
            String name = wanted.called().name();
            if (there.network(name).isPresent()) {
                kept.add("network " + name + " " + subnet(name));
                return;
            }
            undoing.make("network " + name, () -> docker.createNetwork(wanted), removal(name));
            made.add("network " + name + " " + subnet(name));
        }

        private Runnable removal(String network) {
            return () -> new Removal(docker, names, usual).networks(List.of(network));
        }

        private List<Cidr> clients() {
            return Stream.concat(
                            Stream.of(subnet(names.clientNetwork())),
                            wish.clientsElsewhere().stream())
                    .toList();
        }

        /** Docker gives it a moment later, and never where it overlaps another's. */
        private Cidr subnet(String network) {
            return patience.await(
                    ALLOCATION,
                    () ->
                            docker.networks().stream()
                                    .filter(one -> one.name().equals(network))
                                    .flatMap(one -> one.subnets().stream())
                                    .findFirst(),
                    () ->
                            Problem.of(
                                    "Docker gives the network "
                                            + network
                                            + " no subnet: one that was asked for overlaps"
                                            + " another, or Docker has none left",
                                    "name a network that nothing uses with --subnet or"
                                            + " --client-subnet"));
        }

        private void make(Belongings there, ClusterKeys keys) {
            List<String> present =
                    keys.files().stream().map(names::secret).filter(there::hasFile).toList();
            if (present.size() == keys.files().size()) {
                present.forEach(name -> kept.add(type(name) + " " + name));
                return;
            }
            // Half a pair that nothing uses yet: what a run left that was killed.
            present.forEach(this::removeFile);
            try {
                keys.generate(names.cluster()).forEach(this::file);
            } catch (IOException e) {
                throw DockerException.failed("making keys: " + e.getMessage(), "");
            }
        }

        private void file(String file, byte[] contents) {
            String name = names.secret(file);
            Map<String, String> labels = names.labels(Part.SECRET);
            Docker.Labelled called = new Docker.Labelled(name, labels);
            String what = type(name) + " " + name;
            undoing.make(
                    what,
                    () -> {
                        if (isSecret(name)) {
                            docker.createSecret(called, contents);
                        } else {
                            docker.createConfig(called, contents);
                        }
                    },
                    () -> removeFile(name));
            made.add(what);
        }

        private void removeFile(String name) {
            Belongings now = Belongings.of(docker, names);
            if (isSecret(name) && now.secrets().contains(name)) {
                docker.removeSecret(name);
            } else if (!isSecret(name) && now.configs().contains(name)) {
                docker.removeConfig(name);
            }
        }

        private boolean isSecret(String name) {
            return SwarmFiles.SECRETS.stream().map(names::secret).anyMatch(name::equals);
        }

        private String type(String name) {
            return isSecret(name) ? "secret" : "config";
        }

        private Awaited service(Belongings there, ServiceSpec wanted) {
            String what = "service " + wanted.name();
            if (!there.services().contains(wanted.name())) {
                boolean volume = there.volumes().contains(wanted.volume());
                undoing.make(
                        what,
                        () -> docker.createService(wanted),
                        () -> {
                            Removal removal = new Removal(docker, names, usual);
                            if (Belongings.of(docker, names).services().contains(wanted.name())) {
                                removal.services(List.of(wanted.name()));
                            }
                            if (!volume) {
                                removal.volume(wanted.volume());
                            }
                        });
                made.add(what);
                return new Awaited(wanted.name(), List.of());
            }
            ServiceSpec was =
                    docker.specs(List.of(wanted.name())).stream()
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            DockerException.refused(
                                                    what + " is not of the form that xlctl makes",
                                                    "remove it, then do this again"));
            ServiceSpec is = ServiceRenewal.of(was, wanted);
            if (is.equals(was)) {
                kept.add(what);
                return new Awaited(wanted.name(), List.of());
            }
            List<String> past =
                    docker.tasks(List.of(wanted.name())).stream().map(Docker.Task::id).toList();
            undoing.make(
                    "change of " + what,
                    () -> docker.updateService(was, is),
                    () -> docker.updateService(is, was));
            changed.add(what);
            return new Awaited(wanted.name(), past);
        }

        private void awaitRunning(Awaited awaited) {
            String service = awaited.service();
            progress.accept("waiting until the service " + service + " runs");
            patience.await(
                    patience.start(),
                    () -> {
                        List<Docker.Task> tasks =
                                docker.tasks(List.of(service)).stream()
                                        .filter(task -> !awaited.past().contains(task.id()))
                                        .toList();
                        ServiceTrouble.of(tasks).ifPresent(trouble -> fail(service, trouble));
                        return tasks.stream().anyMatch(task -> task.wanted() && task.running());
                    },
                    () ->
                            Problem.of(
                                    "the service "
                                            + service
                                            + " did not come up within "
                                            + patience.start().toSeconds()
                                            + " s",
                                    lastWords(service)));
        }

        private void fail(String service, String trouble) {
            throw DockerException.failed(
                    "the service " + service + " cannot run: " + trouble, lastWords(service));
        }

        private String lastWords(String service) {
            List<String> words = docker.lastWords(service);
            return words.isEmpty() ? "" : "its last words were: " + String.join("; ", words);
        }
    }
}
