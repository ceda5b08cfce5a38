package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.add;
import static xlctl.operation.World.inService;
import static xlctl.operation.World.remove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.RolePower;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.command.Targets;
import xlctl.session.FakeHost;
import xlctl.session.OwnKey;
import xlctl.store.ClusterSecrets;
import xlctl.store.HostRecord;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Logins;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;
import xlctl.topology.TlsVersion;

/**
 * What is there, and what is asked for: every plan of every command, for tests that let something
 * go wrong at each of its points.
 *
 * @param down the servers that do not run once all is as asked
 */
record Scenario(
        String name,
        EngineKind engine,
        Networks networks,
        List<Command> there,
        List<Command> asked,
        Set<NodeName> down) {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private static final Command PROXY = add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001);
    private static final List<Command> ALL = List.of(GTM, COORDINATOR, DATANODE);

    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("10.0.0.0/24")), List.of());

    private Scenario(String name, EngineKind engine, List<Command> there, List<Command> asked) {
        this(name, engine, there, asked, Set.of());
    }

    private Scenario(
            String name,
            EngineKind engine,
            List<Command> there,
            List<Command> asked,
            Set<NodeName> down) {
        this(name, engine, NETWORKS, there, asked, down);
    }

    World world() {
        World world = new World(engine, networks, "h1", "h2", "h3");
        if (replacesTheKey()) {
            var unused = world.agents().ownKey();
        }
        if (!there.isEmpty()) {
            world.with(there.toArray(new Command[0]));
        }
        asked.stream()
                .filter(Command.ForgetHost.class::isInstance)
                .forEach(forget -> world.agents().forget(((Command.ForgetHost) forget).host()));
        asked.stream()
                .filter(Command.RemoveLost.class::isInstance)
                .map(lost -> ((Command.RemoveLost) lost).name())
                .flatMap(name -> world.store().topology().get().value().node(name).stream())
                .forEach(node -> world.agents().forget(node.instances().get(0).host()));
        return world;
    }

    /** What it asks for twice is as if it had been asked once. */
    boolean makesARole() {
        return asked.stream().anyMatch(Command.CreateUser.class::isInstance);
    }

    /** What is forgotten is nowhere but in ZooKeeper. */
    boolean asksAgents() {
        return asked.stream().noneMatch(Command.ForgetHost.class::isInstance);
    }

    private boolean replacesTheKey() {
        return asked.stream().anyMatch(Command.RotateKeys.class::isInstance);
    }

    @Override
    public String toString() {
        return engine + ": " + name;
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (EngineKind engine : EngineKind.values()) {
            all.addAll(membersOf(engine));
        }
        all.addAll(services());
        all.addAll(databases());
        all.addAll(lost());
        all.addAll(proxies());
        all.addAll(encrypted());
        all.add(
                new Scenario(
                        "forget a host",
                        EngineKind.POSTGRESQL,
                        List.of(GTM),
                        List.of(new Command.ForgetHost(new HostName("h3")))));
        all.add(
                new Scenario(
                        "rotate keys",
                        EngineKind.POSTGRESQL,
                        List.of(GTM),
                        List.of(new Command.RotateKeys())));
        all.add(
                new Scenario(
                        "rotate passwords",
                        EngineKind.POSTGRESQL,
                        ALL,
                        List.of(new Command.RotatePasswords())));
        return all;
    }

    private static List<Scenario> membersOf(EngineKind engine) {
        return List.of(
                new Scenario("add the GTM", engine, List.of(), List.of(GTM)),
                new Scenario("add a coordinator", engine, List.of(GTM), List.of(COORDINATOR)),
                new Scenario(
                        "add a datanode", engine, List.of(GTM, COORDINATOR), List.of(DATANODE)),
                new Scenario(
                        "add all at once", engine, List.of(), List.of(GTM, COORDINATOR, DATANODE)),
                new Scenario(
                        "remove the GTM",
                        engine,
                        List.of(GTM),
                        List.of(remove(NodeKind.GTM, "gtm_1", Disposal.ERASE))),
                new Scenario(
                        "remove a coordinator",
                        engine,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(remove(NodeKind.COORDINATOR, "coord_1", Disposal.KEEP))),
                new Scenario(
                        "remove a datanode",
                        engine,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))),
                new Scenario(
                        "stop all",
                        engine,
                        ALL,
                        List.of(new Command.Stop(Target.ALL, StopMode.FAST)),
                        nodes("gtm_1", "coord_1", "data_1")),
                new Scenario(
                        "start all",
                        engine,
                        with(ALL, new Command.Stop(Target.ALL, StopMode.FAST)),
                        List.of(new Command.Start(Target.ALL))),
                new Scenario(
                        "kill the datanodes",
                        engine,
                        ALL,
                        List.of(new Command.Kill(Targets.of(NodeKind.DATANODE))),
                        nodes("data_1")),
                new Scenario(
                        "make a role",
                        engine,
                        ALL,
                        List.of(
                                new Command.CreateUser(
                                        Optional.empty(),
                                        new SqlName("alice"),
                                        Set.of(RolePower.CREATEDB),
                                        new Secret("a password")))));
    }

    private static List<Scenario> databases() {
        List<Scenario> all = new ArrayList<>();
        for (Optional<SqlName> owner :
                List.of(Optional.<SqlName>empty(), Optional.of(new SqlName("bob")))) {
            all.add(
                    new Scenario(
                            "make a database" + owner.map(name -> " of " + name).orElse(""),
                            EngineKind.POSTGRESQL,
                            ALL,
                            List.of(
                                    new Command.CreateDatabase(
                                            Optional.empty(), new SqlName("shop"), owner))));
        }
        return all;
    }

    private static List<Scenario> lost() {
        Command second = add(NodeKind.COORDINATOR, "coord_2", "h1", 5433);
        return List.of(
                new Scenario(
                        "remove a datanode that is lost",
                        EngineKind.POSTGRESQL,
                        ALL,
                        List.of(new Command.RemoveLost(NodeKind.DATANODE, new NodeName("data_1")))),
                new Scenario(
                        "remove a coordinator that is lost",
                        EngineKind.POSTGRESQL,
                        with(ALL, second),
                        List.of(
                                new Command.RemoveLost(
                                        NodeKind.COORDINATOR, new NodeName("coord_1")))));
    }

    private static List<Scenario> proxies() {
        return List.of(
                new Scenario(
                        "add a proxy beside a datanode",
                        EngineKind.POSTGRES_XL,
                        ALL,
                        List.of(PROXY)),
                new Scenario(
                        "add a datanode beside its proxy",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR, PROXY),
                        List.of(DATANODE)),
                new Scenario(
                        "remove a proxy",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR, PROXY, DATANODE),
                        List.of(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE))),
                new Scenario(
                        "reconnect a proxy",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR, PROXY, DATANODE),
                        List.of(new Command.Reconnect(Targets.of(NodeKind.GTM_PROXY)))));
    }

    private static List<Scenario> encrypted() {
        return List.of(
                withTls("add the GTM with TLS", List.of(), GTM),
                withTls("add a datanode with TLS", List.of(GTM, COORDINATOR), DATANODE),
                withTls("add all at once with TLS", List.of(), GTM, COORDINATOR, DATANODE),
                withTls(
                        "remove a datanode with TLS",
                        ALL,
                        remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)),
                withTls(
                        "rotate certificates",
                        List.of(GTM, COORDINATOR),
                        new Command.RotateCertificates(List.of())));
    }

    private static Scenario withTls(String name, List<Command> there, Command... asked) {
        return new Scenario(
                name,
                EngineKind.POSTGRESQL,
                NETWORKS.with(TlsVersion.TLS_1_2),
                there,
                List.of(asked),
                Set.of());
    }

    private static List<Command> with(List<Command> commands, Command last) {
        return Stream.concat(commands.stream(), Stream.of(last)).toList();
    }

    private static Set<NodeName> nodes(String... names) {
        return Stream.of(names).map(NodeName::new).collect(Collectors.toUnmodifiableSet());
    }

    private static List<Scenario> services() {
        Command gtm = inService(add(NodeKind.GTM, "gtm_1", "s1"));
        Command coordinator = inService(add(NodeKind.COORDINATOR, "coord_1", "s2"));
        Command datanode = inService(add(NodeKind.DATANODE, "data_1", "s3"));
        Command beside = inService(add(NodeKind.DATANODE, "data_2", "s3", 5433));
        Command proxy = inService(add(NodeKind.GTM_PROXY, "proxy_1", "s4", 20001));
        List<Scenario> all = new ArrayList<>();
        for (EngineKind engine : List.of(EngineKind.POSTGRESQL, EngineKind.POSTGRES_XL)) {
            all.add(new Scenario("add a GTM as a service", engine, List.of(), List.of(gtm)));
            all.add(
                    new Scenario(
                            "add a coordinator as a service",
                            engine,
                            List.of(GTM),
                            List.of(coordinator)));
            all.add(
                    new Scenario(
                            "add a datanode as a service",
                            engine,
                            List.of(GTM, COORDINATOR),
                            List.of(datanode)));
            all.add(
                    new Scenario(
                            "add two datanodes of one service",
                            engine,
                            List.of(GTM, coordinator),
                            List.of(datanode, beside)));
            all.add(
                    new Scenario(
                            "remove a datanode with its service",
                            engine,
                            List.of(gtm, coordinator, datanode),
                            List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))));
            all.add(
                    new Scenario(
                            "remove one of two datanodes of a service",
                            engine,
                            List.of(gtm, coordinator, datanode, beside),
                            List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))));
        }
        all.add(
                new Scenario(
                        "add a proxy as a service",
                        EngineKind.POSTGRES_XL,
                        List.of(gtm, coordinator),
                        List.of(proxy)));
        return all;
    }

    /** Its host is no more, also where its removal was undone. */
    private boolean isLost(Instance instance) {
        return asked.stream()
                .filter(Command.RemoveLost.class::isInstance)
                .anyMatch(
                        lost -> ((Command.RemoveLost) lost).name().equals(instance.name().node()));
    }

    /**
     * Hosts run what the topology names, and nothing else; each has its state; hosts know.
     *
     * @param before what was there
     */
    void assertConsistent(World world, World.Picture before) {
        World.Picture picture = world.picture();
        boolean begun = world.operations().stream().anyMatch(each -> !each.who().equals("tester"));
        Map<HostName, Map<InstanceName, State>> wanted = new TreeMap<>();
        picture.instances().keySet().forEach(host -> wanted.put(host, new HashMap<>()));
        picture.nodes().stream()
                .flatMap(node -> node.instances().stream())
                .filter(instance -> wanted.containsKey(instance.host()) || !isLost(instance))
                .forEach(
                        (Instance instance) ->
                                wanted.get(instance.host())
                                        .put(instance.name(), wanted(instance, before, begun)));
        assertThat(picture.instances()).isEqualTo(wanted);
        assertThat(world.agents().hosts().stream().flatMap(host -> host.roles().stream()))
                .hasSizeLessThanOrEqualTo(1);
        assertServices(picture);
        assertCertificates(world);
        assertKeys(world);
        assertSecrets(world, picture);
        assertThat(picture.databases()).noneMatch(database -> database.endsWith("closed"));
        assertThat(
                        picture.databases().stream()
                                .map(database -> database.split("[.]")[0])
                                .sorted()
                                .toList())
                .isIn(List.of(), List.of("coord_1", "data_1"));
        assertThat(world.agents().hosts()).allMatch(host -> host.ddlLockHolders().isEmpty());
        assertThat(picture.states())
                .containsExactlyInAnyOrderElementsOf(
                        picture.nodes().stream().map(node -> node.name()).toList());
        int version = world.store().topology().map(topology -> topology.version()).orElse(-1);
        world.agents().hosts().stream()
                .filter(host -> !host.instances().isEmpty())
                .forEach(host -> assertThat(host.applied()).isEqualTo(version));
    }

    private State wanted(Instance instance, World.Picture before, boolean begun) {
        if (!begun) {
            return before.instances().get(instance.host()).get(instance.name());
        }
        return down.contains(instance.name().node()) ? State.STOPPED : State.UP;
    }

    /** Instances go by the cluster's passwords, and admit no others. */
    private void assertSecrets(World world, World.Picture picture) {
        if (engine != EngineKind.POSTGRESQL || picture.secrets().isEmpty()) {
            return;
        }
        ClusterSecrets cluster = world.store().secrets().orElseThrow().value();
        assertThat(cluster.next()).isEmpty();
        Logins logins = cluster.logins();
        PasswordVerifier internal = ScramVerifier.of(cluster.internal());
        assertThat(picture.secrets().values())
                .allSatisfy(
                        secrets -> {
                            assertThat(secrets.superuser()).isEqualTo(cluster.superuser());
                            assertThat(secrets.verifiers())
                                    .containsEntry(logins.internal(), internal)
                                    .containsEntry(logins.ddl(), internal)
                                    .containsEntry(
                                            logins.monitor(), ScramVerifier.of(cluster.monitor()))
                                    .containsEntry(
                                            ServerRole.SUPERUSER,
                                            ScramVerifier.of(cluster.superuser()))
                                    .doesNotContainKeys(
                                            logins.other().internal(),
                                            logins.other().ddl(),
                                            logins.other().monitor());
                            assertThat(secrets.outgoing().keySet())
                                    .isIn(Set.of(), Set.of(logins.internal(), logins.ddl()));
                        });
    }

    /** In a cluster with TLS the hosts that have instances have a certificate, and no others. */
    private void assertCertificates(World world) {
        boolean encrypted = networks.encrypted() && world.store().topology().isPresent();
        assertThat(world.agents().hosts())
                .allMatch(
                        host ->
                                host.certificate().isPresent()
                                        == (encrypted && !host.instances().isEmpty()));
    }

    /** Hosts let in who has the key in use, whose only file it is, and nobody more than before. */
    private void assertKeys(World world) {
        if (!replacesTheKey()) {
            return;
        }
        OwnKey own = world.agents().ownKey();
        assertKeyInUseIsLetIn(world);
        assertThat(world.agents().hosts()).allMatch(host -> host.keys().size() == 2);
        assertThat(own.freshFile()).doesNotExist();
        assertThat(own.formerFile()).doesNotExist();
    }

    /** Whatever became of the controller, another one can work with the key that is there. */
    void assertKeyInUseIsLetIn(World world) {
        if (!replacesTheKey()) {
            return;
        }
        try {
            ControllerKey inUse = world.agents().ownKey().publicHalf();
            assertThat(world.agents().hosts())
                    .allMatch(host -> host.keys().contains(inUse))
                    .allMatch(host -> host.keys().contains(FakeHost.OTHERS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The registered hosts that are services have one, with a volume and a member; no other does.
     */
    private static void assertServices(World.Picture picture) {
        Set<HostName> registered =
                picture.hosts().stream()
                        .filter(record -> record.service().isPresent())
                        .map(HostRecord::host)
                        .collect(Collectors.toSet());
        Set<HostName> used =
                picture.nodes().stream()
                        .flatMap(node -> node.instances().stream())
                        .map(Instance::host)
                        .filter(host -> host.value().startsWith("s"))
                        .collect(Collectors.toSet());
        assertThat(registered).isEqualTo(used);
        assertThat(picture.services()).isEqualTo(used);
        assertThat(picture.volumes())
                .containsExactlyInAnyOrderElementsOf(
                        used.stream().map(host -> World.CLUSTER + "_" + host).toList());
    }
}
