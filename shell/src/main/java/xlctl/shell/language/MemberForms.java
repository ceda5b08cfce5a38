package xlctl.shell.language;

import static xlctl.shell.language.Phrases.MASTER;
import static xlctl.shell.language.Phrases.TARGET;
import static xlctl.shell.language.Phrases.change;
import static xlctl.shell.language.Phrases.target;
import static xlctl.shell.language.Syntax.again;
import static xlctl.shell.language.Syntax.anyOrder;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.misplaced;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.command.Target;
import xlctl.shell.language.Syntax.Named;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;

/** Commands by which members come, go, run and rest. */
final class MemberForms {
    private static final String SWARM = "--swarm";

    private static final String NO_ROLE = "a GTM proxy has no role; its name comes next";

    /** That a host is to be a Docker service: shared by all adds. */
    private static final Named SERVICE =
            new Named(
                    "SERVICE",
                    anyOrder(
                            words(SWARM),
                            sequence(words("--on"), value(Slots.SWARM_NODE)),
                            again(sequence(words("--constraint"), value(Slots.CONSTRAINT))),
                            sequence(words("--publish"), value(Slots.PUBLISHED))));

    private static final String ADD_DETAILS =
            "HOST must be registered (host list); or, with SERVICE or the setting swarm.services,"
                    + " it becomes a Docker service. Of a script, consecutive adds run at the same time.";

    private static final String LOST =
            "With --lost it is taken out although its host is gone for good, with the rows that were"
                    + " there; that is refused while the agent of the host answers or is connected to"
                    + " ZooKeeper. A host without other members is then off the list of hosts.";

    private static final String RESTARTS_SERVED =
            "Running coordinators and datanodes that it serves are restarted.";

    private static final String ERASED_WITH_CLEAN =
            "Its data directory stays, unless clean is given: then it is erased.";

    static final List<Form> FORMS =
            List.of(
                    new Form(
                            sequence(
                                    words("add gtm"),
                                    MASTER,
                                    value(Slots.NEW_NAME),
                                    value(Slots.HOST),
                                    value(Slots.PORT),
                                    value(Slots.DIR),
                                    maybe(SERVICE)),
                            "Adds the GTM. It comes before every other node; there is one.",
                            ADD_DETAILS,
                            "add gtm master gtm_m_1 127.0.1.1 5432 gtm",
                            arguments -> addWithoutPooler(NodeKind.GTM, arguments)),
                    new Form(
                            sequence(
                                    words("add gtm_proxy"),
                                    nameWithoutRole(Slots.NEW_NAME),
                                    value(Slots.HOST),
                                    value(Slots.PORT),
                                    value(Slots.DIR),
                                    maybe(value(Slots.CONF)),
                                    maybe(SERVICE)),
                            "Adds a GTM proxy: through it the servers of its host reach the GTM.",
                            "Of the engine postgres-xl; one on a host. "
                                    + RESTARTS_SERVED
                                    + " "
                                    + ADD_DETAILS,
                            "add gtm_proxy gtm_pxy_1 127.0.1.2 6666 gtm_proxy",
                            arguments -> addWithoutPooler(NodeKind.GTM_PROXY, arguments)),
                    new Form(
                            sequence(
                                    words("add coordinator"),
                                    MASTER,
                                    value(Slots.NEW_NAME),
                                    value(Slots.HOST),
                                    value(Slots.PORT),
                                    value(Slots.POOLER),
                                    value(Slots.DIR),
                                    value(Slots.CONF),
                                    value(Slots.HBA),
                                    maybe(SERVICE)),
                            "Adds a coordinator: where clients connect.",
                            ADD_DETAILS,
                            "add coordinator master coord_m_1 127.0.1.2 5432 15432 coord none none",
                            arguments -> addNode(NodeKind.COORDINATOR, arguments)),
                    new Form(
                            sequence(
                                    words("add datanode"),
                                    MASTER,
                                    value(Slots.NEW_NAME),
                                    value(Slots.HOST),
                                    value(Slots.PORT),
                                    value(Slots.POOLER),
                                    value(Slots.DIR),
                                    value(Slots.WALDIR),
                                    value(Slots.CONF),
                                    value(Slots.HBA),
                                    maybe(SERVICE)),
                            "Adds a datanode: where rows are stored.",
                            ADD_DETAILS,
                            "add datanode master data_m_1 127.0.1.3 5432 15432 data none none none",
                            arguments -> addNode(NodeKind.DATANODE, arguments)),
                    new Form(
                            sequence(words("remove gtm"), MASTER, maybe(words("clean"))),
                            "Removes the GTM, once it is the last node.",
                            ERASED_WITH_CLEAN,
                            "remove gtm master clean",
                            arguments -> remove(NodeKind.GTM, Optional.empty(), arguments)),
                    new Form(
                            sequence(
                                    words("remove gtm_proxy"),
                                    nameWithoutRole(Slots.NAME),
                                    maybe(words("clean"))),
                            "Removes a GTM proxy.",
                            RESTARTS_SERVED + " " + ERASED_WITH_CLEAN,
                            "remove gtm_proxy gtm_pxy_1 clean",
                            arguments ->
                                    remove(
                                            NodeKind.GTM_PROXY,
                                            arguments.maybe(Slots.NAME),
                                            arguments)),
                    removeNode(NodeKind.COORDINATOR, "coord_m_1"),
                    removeNode(NodeKind.DATANODE, "data_m_1"),
                    new Form(
                            sequence(words("start"), TARGET),
                            "Starts members that do not run. One that runs is left alone.",
                            "The order is GTM, GTM proxies, datanodes, coordinators.",
                            "start all",
                            arguments -> change(new Command.Start(target(arguments)))),
                    new Form(
                            sequence(
                                    words("stop"),
                                    oneOf(
                                            sequence(words("-m"), value(Slots.MODE), TARGET),
                                            sequence(
                                                    TARGET,
                                                    maybe(
                                                            sequence(
                                                                    words("-m"),
                                                                    value(Slots.MODE)))))),
                            "Stops members that run.",
                            "The order is coordinators, datanodes, GTM proxies, GTM.",
                            "stop -m immediate datanode data_m_1",
                            arguments ->
                                    change(
                                            new Command.Stop(
                                                    target(arguments),
                                                    arguments
                                                            .maybe(Slots.MODE)
                                                            .orElse(StopMode.FAST)))),
                    new Form(
                            sequence(words("kill"), TARGET),
                            "Ends servers with SIGKILL.",
                            "For emergencies: the next start recovers from the WAL.",
                            "kill coord_m_1",
                            arguments -> change(new Command.Kill(target(arguments)))),
                    new Form(
                            sequence(
                                    words("reconnect gtm_proxy"),
                                    maybe(oneOf(words("all"), several(Slots.NAME)))),
                            "Has GTM proxies connect to the GTM anew. Their clients stay connected.",
                            "",
                            "reconnect gtm_proxy all",
                            arguments ->
                                    change(
                                            new Command.Reconnect(
                                                    new Target(
                                                            Optional.of(NodeKind.GTM_PROXY),
                                                            Optional.empty(),
                                                            arguments.all(Slots.NAME))))));

    private MemberForms() {}

    private static Syntax nameWithoutRole(Slot<NodeName> name) {
        return oneOf(misplaced("master", NO_ROLE), misplaced("slave", NO_ROLE), value(name));
    }

    private static Form removeNode(NodeKind kind, String example) {
        return new Form(
                sequence(
                        words("remove " + kind),
                        MASTER,
                        value(Slots.NAME),
                        maybe(oneOf(words("clean"), words("--lost")))),
                "Removes a " + kind + " that holds no tables of users.",
                ERASED_WITH_CLEAN + ' ' + LOST,
                "remove " + kind + " master " + example + " clean",
                arguments ->
                        arguments.has("--lost")
                                ? change(new Command.RemoveLost(kind, arguments.one(Slots.NAME)))
                                : remove(kind, arguments.maybe(Slots.NAME), arguments));
    }

    private static Statement addWithoutPooler(NodeKind kind, Arguments arguments) {
        return change(
                new Command.AddNode(
                        node(
                                kind,
                                arguments,
                                arguments.maybe(Slots.CONF).orElse(OperatorFile.NONE),
                                OperatorFile.NONE,
                                new Instance(
                                        new InstanceName(arguments.one(Slots.NEW_NAME), 1),
                                        arguments.one(Slots.HOST),
                                        arguments.one(Slots.PORT),
                                        Optional.empty(),
                                        arguments.one(Slots.DIR),
                                        Optional.empty())),
                        service(arguments)));
    }

    private static Statement addNode(NodeKind kind, Arguments arguments) {
        return change(
                new Command.AddNode(
                        node(
                                kind,
                                arguments,
                                arguments.one(Slots.CONF),
                                arguments.one(Slots.HBA),
                                new Instance(
                                        new InstanceName(arguments.one(Slots.NEW_NAME), 1),
                                        arguments.one(Slots.HOST),
                                        arguments.one(Slots.PORT),
                                        arguments.one(Slots.POOLER),
                                        arguments.one(Slots.DIR),
                                        arguments
                                                .maybe(Slots.WALDIR)
                                                .flatMap(directory -> directory))),
                        service(arguments)));
    }

    /** Where a service is to run, or what it publishes, says as well that it is to be one. */
    private static Optional<ServiceWish> service(Arguments arguments) {
        ServiceWish wish =
                new ServiceWish(
                        arguments.maybe(Slots.SWARM_NODE),
                        arguments.all(Slots.CONSTRAINT),
                        arguments.maybe(Slots.PUBLISHED));
        return arguments.has(SWARM) || !wish.equals(ServiceWish.ANYWHERE)
                ? Optional.of(wish)
                : Optional.empty();
    }

    private static Node node(
            NodeKind kind,
            Arguments arguments,
            OperatorFile conf,
            OperatorFile hba,
            Instance instance) {
        return new Node(arguments.one(Slots.NEW_NAME), kind, conf, hba, List.of(instance));
    }

    private static Statement remove(NodeKind kind, Optional<NodeName> name, Arguments arguments) {
        return change(
                new Command.RemoveNode(
                        kind, name, arguments.has("clean") ? Disposal.ERASE : Disposal.KEEP));
    }
}
