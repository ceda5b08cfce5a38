package xlctl.shell.language;

import static xlctl.shell.language.Syntax.absent;
import static xlctl.shell.language.Syntax.again;
import static xlctl.shell.language.Syntax.anyOrder;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.misplaced;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.RolePower;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.command.Target;
import xlctl.shell.answer.Format;
import xlctl.shell.language.Syntax.Absent;
import xlctl.shell.language.Syntax.Named;
import xlctl.shell.language.Syntax.Synonym;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Role;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/**
 * The table of the language. To add a command, add a {@link Form}: the parser, its complaints,
 * help, completion and docs/commands.md follow.
 */
final class Grammar {
    private static final String NO_SLAVES = "nodes have a master only";

    private static final String NO_ROLE = "a GTM proxy has no role; its name comes next";

    private static final String DEEP = "--deep";

    private static final String UNENCRYPTED = "--allow-unencrypted";

    private static final String YES = "--yes";

    private static final String SWARM = "--swarm";

    private static final String OLDER = "--older";

    private static final String OWNER = "--owner";

    private static final String ONE_ENCODING =
            "every database of a cluster has UTF8 and C.UTF-8; --owner ROLE is what can be given";

    private static final String ONE_TEMPLATE =
            "databases are made from template1; --owner ROLE is what can be given";

    private static final String WATCHING = "--watch";

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);

    private static final Syntax MASTER = oneOf(words("master"), absent("slave", NO_SLAVES));

    /** How a reading command answers. */
    private static final Syntax FORMAT = sequence(words("--output"), value(Slots.FORMAT));

    /** That it goes on reading. */
    private static final Syntax WATCH = sequence(words(WATCHING), maybe(value(Slots.INTERVAL)));

    /** Which members: shared by start, stop, kill, monitor and show config. */
    static final Named TARGET =
            new Named(
                    "TARGET",
                    oneOf(
                            words("all"),
                            sequence(
                                    value(Slots.KIND),
                                    maybe(
                                            oneOf(
                                                    words("all"),
                                                    sequence(
                                                            words("master"),
                                                            maybe(
                                                                    oneOf(
                                                                            words("all"),
                                                                            several(Slots.NAME)))),
                                                    absent("slave", NO_SLAVES),
                                                    several(Slots.NAME)))),
                            several(Slots.NAME)));

    /** That a host is to be a Docker service: shared by all adds. */
    private static final Named SERVICE =
            new Named(
                    "SERVICE",
                    anyOrder(
                            words(SWARM),
                            sequence(words("--on"), value(Slots.SWARM_NODE)),
                            again(sequence(words("--constraint"), value(Slots.CONSTRAINT))),
                            sequence(words("--publish"), value(Slots.PUBLISHED))));

    /** What a cluster is set up with. */
    private static final Named SETUP =
            new Named(
                    "SETUP",
                    anyOrder(
                            sequence(words("--image"), value(Slots.IMAGE)),
                            words(UNENCRYPTED),
                            sequence(words("--subnet"), value(Slots.SUBNET)),
                            sequence(words("--client-subnet"), value(Slots.CLIENT_SUBNET))));

    /** The coordinator that something is done through. */
    private static final Syntax THROUGH = maybe(sequence(words("-"), value(Slots.COORDINATOR)));

    private static final Named ROLE_OPTIONS =
            new Named(
                    "OPTIONS",
                    anyOrder(
                            words("--createdb"),
                            words("--createrole"),
                            words("--superuser"),
                            sequence(words("--password-file"), value(Slots.PASSWORD_FILE))));

    private static final String ADD_DETAILS =
            "HOST must be registered (host list); or, with SERVICE or the setting swarm.services,"
                    + " it becomes a Docker service. Of a script, consecutive adds run at the same time.";

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
                            "Of the engines postgres-xl and opentenbase; one on a host. "
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
                            ERASED_WITH_CLEAN,
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
                                                            arguments.all(Slots.NAME))))),
                    watchable(
                            sequence(
                                    words("monitor"),
                                    oneOf(
                                            sequence(words(DEEP), TARGET),
                                            sequence(TARGET, maybe(words(DEEP))))),
                            "Says of each member whether it runs.",
                            "Running: and Not running: lines go to standard output, Warning: lines to standard error."
                                    + " The exit code is 1 when a member is down or degraded."
                                    + " With --deep coordinators are also read and written through,"
                                    + " on every node that a client's statements reach; nothing is left behind.",
                            "monitor all",
                            arguments ->
                                    new Statement.Monitor(target(arguments), arguments.has(DEEP))),
                    watchable(
                            words("status"),
                            "Shows the cluster on one screen: what is wanted and what is found.",
                            "The exit code is 1 when a member is down or degraded.",
                            "status",
                            arguments -> new Statement.Status()),
                    reading(
                            sequence(
                                    words("show"),
                                    oneOf(
                                            sequence(
                                                    oneOf(
                                                            words("config"),
                                                            new Synonym("configuration"),
                                                            new Synonym("configure")),
                                                    oneOf(
                                                            words("basic"),
                                                            sequence(
                                                                    words("host"),
                                                                    several(Slots.HOST)),
                                                            TARGET)),
                                            absent("variable", "use config show"),
                                            absent("var", "use config show"))),
                            "Shows how the topology describes members, in pgxc_ctl's layout.",
                            "",
                            "show config all",
                            Grammar::showConfig),
                    reading(
                            sequence(
                                    words("show resource datanode"),
                                    value(Slots.NAME),
                                    maybe(
                                            sequence(
                                                    value(Slots.DATABASE),
                                                    maybe(value(Slots.ROLE))))),
                            "Shows the tables of a database that have rows on a datanode.",
                            "Of the engine postgresql. Without DB of the database postgres; with"
                                    + " ROLE only those it owns. Rows are estimated.",
                            "show resource datanode data_m_1",
                            Grammar::showResource),
                    new Form(
                            sequence(
                                    words("createdb"),
                                    THROUGH,
                                    value(Slots.DATABASE),
                                    maybe(
                                            oneOf(
                                                    sequence(words(OWNER), value(Slots.ROLE)),
                                                    absent("--encoding", ONE_ENCODING),
                                                    absent("-e", ONE_ENCODING),
                                                    absent("--locale", ONE_ENCODING),
                                                    absent("-l", ONE_ENCODING),
                                                    absent("--template", ONE_TEMPLATE),
                                                    absent("-t", ONE_TEMPLATE)))),
                            "Makes a database on every coordinator and datanode.",
                            "Of the engine postgresql; all of them must run. Clients can connect"
                                    + " once every node has it. It belongs to the role app unless"
                                    + " "
                                    + OWNER
                                    + " is given.",
                            "createdb shop --owner app",
                            arguments ->
                                    change(
                                            new Command.CreateDatabase(
                                                    arguments.maybe(Slots.COORDINATOR),
                                                    arguments.one(Slots.DATABASE),
                                                    arguments.maybe(Slots.ROLE)))),
                    new Form(
                            sequence(
                                    words("createuser"),
                                    THROUGH,
                                    value(Slots.ROLE),
                                    maybe(ROLE_OPTIONS)),
                            "Makes a role that can log in, on every coordinator and datanode.",
                            "At a terminal it asks for the password; elsewhere --password-file"
                                    + " must be given. Only what a server stores of the password"
                                    + " leaves this machine.",
                            "createuser alice --createdb",
                            Grammar::createUser),
                    new Form(
                            sequence(words("psql"), THROUGH, maybe(several(Slots.PSQL_WORD))),
                            "Runs psql on a coordinator that runs, as the role app.",
                            "In the database postgres, unless psql's own words say otherwise. The"
                                    + " exit code is 0, 3 when the server was not reached, or 1.",
                            "psql -c 'SELECT * FROM pgxc_node'",
                            arguments ->
                                    new Statement.Psql(
                                            arguments.maybe(Slots.COORDINATOR),
                                            arguments.all(Slots.PSQL_WORD))),
                    reading(
                            words("host list"),
                            "Lists the hosts that are registered or whose agents offer themselves.",
                            "",
                            "host list",
                            arguments -> new Statement.ListHosts()),
                    new Form(
                            sequence(
                                    words("host accept"),
                                    value(Slots.HOST),
                                    maybe(value(Slots.AGENT)),
                                    maybe(value(Slots.FINGERPRINT))),
                            "Registers a host, or takes the changed SSH key of one.",
                            "At a terminal it shows the fingerprint of the agent's key and asks;"
                                    + " elsewhere FINGERPRINT must be given, and must be that of the key.",
                            "host accept 127.0.1.1 127.0.1.1:7422",
                            arguments ->
                                    new Statement.AcceptHost(
                                            arguments.one(Slots.HOST),
                                            arguments.maybe(Slots.AGENT),
                                            arguments.maybe(Slots.FINGERPRINT))),
                    reading(
                            words("operation list"),
                            "Lists operations, newest last.",
                            "",
                            "operation list",
                            arguments -> new Statement.ListOperations()),
                    reading(
                            sequence(words("operation show"), value(Slots.NUMBER)),
                            "Shows an operation with its steps.",
                            "",
                            "operation show 3",
                            arguments -> new Statement.ShowOperation(arguments.one(Slots.NUMBER))),
                    new Form(
                            sequence(words("operation resume"), value(Slots.NUMBER)),
                            "Goes on with an operation that was left open.",
                            "",
                            "operation resume 3",
                            arguments ->
                                    new Statement.ResumeOperation(arguments.one(Slots.NUMBER))),
                    new Form(
                            sequence(words("operation rollback"), value(Slots.NUMBER)),
                            "Undoes an operation that was left open before its commit point.",
                            "",
                            "operation rollback 3",
                            arguments ->
                                    new Statement.RollbackOperation(arguments.one(Slots.NUMBER))),
                    new Form(
                            sequence(words("swarm init"), maybe(SETUP)),
                            "Makes in Docker Swarm what a cluster needs before its first member.",
                            "An encrypted network for the cluster, one for clients, keys, and the"
                                    + " services zookeeper and control, in which the cluster's shell"
                                    + " is opened. On a manager's machine. What is there stays, but"
                                    + " takes another image or other limits. With "
                                    + UNENCRYPTED
                                    + " also where the kernel cannot encrypt.",
                            "swarm init --subnet 10.20.0.0/24",
                            arguments ->
                                    new Statement.SwarmInit(
                                            arguments.maybe(Slots.IMAGE),
                                            arguments.has(UNENCRYPTED),
                                            arguments.maybe(Slots.SUBNET),
                                            arguments.maybe(Slots.CLIENT_SUBNET))),
                    reading(
                            words("swarm status"),
                            "Shows what Docker Swarm has of the cluster.",
                            "Services with their tasks and members, networks, machines, volumes,"
                                    + " keys. The exit code is 1 when a service does not run.",
                            "swarm status",
                            arguments -> new Statement.SwarmStatus()),
                    reading(
                            words("swarm render"),
                            "Prints the stack file for the services that are there.",
                            "For docker stack deploy under the cluster's name. Secrets are not in"
                                    + " it: it names those that are there.",
                            "swarm render",
                            arguments -> new Statement.SwarmRender()),
                    new Form(
                            sequence(words("swarm down"), maybe(words(YES))),
                            "Removes everything of the cluster from Docker Swarm, all data included.",
                            "Lists it and asks, unless --yes is given. What xlctl did not make is"
                                    + " never touched.",
                            "swarm down",
                            arguments -> new Statement.SwarmDown(arguments.has(YES))),
                    reading(
                            words("show ca"),
                            "Prints the certificate by which clients verify the cluster's servers.",
                            "In PEM, as a client's sslrootcert names it; it is no secret. Only of a"
                                    + " cluster with TLS: see networks.tls in config show.",
                            "show ca",
                            arguments -> new Statement.ShowAuthority()),
                    new Form(
                            sequence(words("rotate certificates"), maybe(several(Slots.HOST))),
                            "Gives hosts new keys and certificates, all of them unless some are named.",
                            "Sessions stay, and no server is restarted. A certificate is valid for"
                                    + " a year; status warns in its last 30 days, and an add on its"
                                    + " host renews it in its last third.",
                            "rotate certificates",
                            arguments ->
                                    change(
                                            new Command.RotateCertificates(
                                                    arguments.all(Slots.HOST)))),
                    new Form(
                            words("rotate passwords"),
                            "Gives every login that xlctl makes a new password, without an outage.",
                            "Those of the superuser, of the roles by which servers reach each other,"
                                    + " of monitoring and of app. All hosts must be there. Sessions"
                                    + " stay, and no server is restarted. The new password of app is"
                                    + " put into the files of this home and of access DIR; clients"
                                    + " elsewhere must be given it. Only of the engine postgresql.",
                            "rotate passwords",
                            arguments -> change(new Command.RotatePasswords())),
                    new Form(
                            sequence(words("access"), value(Slots.ACCESS_DIR)),
                            "Writes the files by which clients connect into a directory.",
                            "pg_service.conf with the service of the cluster's name and one for each"
                                    + " coordinator, pgpass with the password of the role app, and in"
                                    + " a cluster with TLS ca.crt, by which servers are verified;"
                                    + " all for their owner alone.",
                            "access /tmp/access",
                            arguments ->
                                    new Statement.WriteAccess(arguments.one(Slots.ACCESS_DIR))),
                    new Form(
                            sequence(words("backup"), value(Slots.FILE)),
                            "Writes the cluster's records into a new file.",
                            "Topology, node states, hosts and passwords, as they were at one moment;"
                                    + " not the history, and no data of databases. The file is a"
                                    + " secret: nobody but its owner may read it.",
                            "backup /tmp/cluster.backup",
                            arguments -> new Statement.WriteBackup(arguments.one(Slots.FILE))),
                    new Form(
                            sequence(words("restore"), value(Slots.FILE), maybe(words(OLDER))),
                            "Puts the records of a backup back where ZooKeeper has lost them.",
                            "Refused where other records are. Agents converge again by themselves."
                                    + " With --older members that agents hold and the backup does"
                                    + " not know are left as they are, outside the cluster.",
                            "restore /tmp/cluster.backup",
                            arguments ->
                                    new Statement.RestoreBackup(
                                            arguments.one(Slots.FILE), arguments.has(OLDER))),
                    new Form(
                            sequence(words("report"), value(Slots.FILE)),
                            "Writes what a report of a fault needs into a new zip file.",
                            "Versions, settings, topology, status, operations and the ends of logs;"
                                    + " what cannot be had is named. Passwords and keys are made"
                                    + " unreadable; names, addresses and statements in logs are not:"
                                    + " read it before you give it away.",
                            "report /tmp/report.zip",
                            arguments -> new Statement.WriteReport(arguments.one(Slots.FILE))),
                    reading(
                            words("config show"),
                            "Shows every setting of xlctl and where it comes from.",
                            "",
                            "config show",
                            arguments -> new Statement.ShowSettings()),
                    reading(
                            words("history"),
                            "Shows the lines typed at the prompt.",
                            "",
                            "history",
                            arguments -> new Statement.History()),
                    new Form(
                            sequence(words("help"), maybe(several(Slots.TOPIC))),
                            "Explains the commands, or some of them.",
                            "help add coordinator explains one, help clean every one that knows the"
                                    + " word, help TARGET what stands for it in a usage.",
                            "help add coordinator",
                            arguments -> new Statement.Help(arguments.all(Slots.TOPIC))),
                    new Form(
                            oneOf(words("quit"), words("q"), words("exit")),
                            "Ends the session; in a script, the lines after it are not read.",
                            "Ctrl-D does the same at the prompt.",
                            "quit",
                            arguments -> new Statement.Quit()));

    /** Words of pgxc_ctl that are no commands here. */
    static final List<Absent> ABSENT =
            List.of(
                    absent("init", "add makes and starts a node; start starts it again"),
                    absent("clean", "use remove ... clean"),
                    absent("failover", "use start for a master that is down"),
                    absent("deploy", "install the server's packages on the hosts"),
                    absent("prepare", "no configuration file is needed; see config show"),
                    absent("configure", "agents keep the catalogs as they must be; see status"),
                    absent("unregister", "use remove"),
                    absent("set", "settings are in xlctl.yaml; see config show"),
                    absent("log", "what was done is kept; see operation list"),
                    absent("echo", "xlctl runs no words of an operating system's shell"),
                    absent("cd", "start xlctl in the directory of the files it reads"),
                    absent("ssh", "xlctl runs no words of an operating system's shell"),
                    absent("test", "use host list to see whether agents answer"));

    private Grammar() {}

    /** Every command's first word, in the table's order. */
    static List<String> commandWords() {
        return FORMS.stream().flatMap(form -> form.firstWords().stream()).distinct().toList();
    }

    /** The forms that a word can start. */
    static List<Form> forms(String firstWord) {
        return FORMS.stream().filter(form -> form.firstWords().contains(firstWord)).toList();
    }

    static Stream<Absent> absentCommands(String firstWord) {
        return ABSENT.stream().filter(absent -> absent.matches(firstWord));
    }

    private static Syntax nameWithoutRole(Slot<NodeName> name) {
        return oneOf(misplaced("master", NO_ROLE), misplaced("slave", NO_ROLE), value(name));
    }

    /**
     * The words that can stand where a node's name can, or before it: nodes of such a name could
     * not be told from them.
     */
    static Set<String> wordsBesideNames() {
        return FORMS.stream()
                .filter(form -> form.slots().contains(Slots.NAME))
                .flatMap(form -> form.words().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The form of a command that changes nothing: its answer comes in any format. */
    private static Form reading(
            Syntax syntax,
            String summary,
            String details,
            String example,
            Function<Arguments, Statement.Reading> meaning) {
        return new Form(
                sequence(syntax, maybe(FORMAT)),
                summary,
                details,
                example,
                arguments -> formatted(meaning.apply(arguments), arguments));
    }

    /** As {@link #reading}; it may also go on reading, and tell what changes. */
    private static Form watchable(
            Syntax syntax,
            String summary,
            String details,
            String example,
            Function<Arguments, Statement.Reading> meaning) {
        return new Form(
                sequence(syntax, anyOrder(WATCH, FORMAT)),
                summary,
                details
                        + " With --watch it goes on until Ctrl-C: a terminal shows it anew, elsewhere"
                        + " each change is a line.",
                example,
                arguments ->
                        arguments.has(WATCHING)
                                ? new Statement.Watched(
                                        meaning.apply(arguments),
                                        arguments.maybe(Slots.INTERVAL).orElse(WATCH_INTERVAL),
                                        arguments.maybe(Slots.FORMAT))
                                : formatted(meaning.apply(arguments), arguments));
    }

    private static Statement formatted(Statement.Reading reading, Arguments arguments) {
        Optional<Format> format = arguments.maybe(Slots.FORMAT);
        return format.isPresent() ? new Statement.Formatted(reading, format.get()) : reading;
    }

    private static Form removeNode(NodeKind kind, String example) {
        return new Form(
                sequence(words("remove " + kind), MASTER, value(Slots.NAME), maybe(words("clean"))),
                "Removes a " + kind + " that holds no tables of users.",
                ERASED_WITH_CLEAN,
                "remove " + kind + " master " + example + " clean",
                arguments -> remove(kind, arguments.maybe(Slots.NAME), arguments));
    }

    private static Statement change(Command command) {
        return new Statement.Change(command);
    }

    private static Statement addWithoutPooler(NodeKind kind, Arguments arguments) {
        return change(
                new Command.AddNode(
                        node(
                                kind,
                                arguments,
                                arguments.maybe(Slots.CONF).orElse(""),
                                "",
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
            NodeKind kind, Arguments arguments, String conf, String hba, Instance instance) {
        return new Node(arguments.one(Slots.NEW_NAME), kind, conf, hba, List.of(instance));
    }

    private static Statement remove(NodeKind kind, Optional<NodeName> name, Arguments arguments) {
        return change(
                new Command.RemoveNode(
                        kind, name, arguments.has("clean") ? Disposal.ERASE : Disposal.KEEP));
    }

    private static Target target(Arguments arguments) {
        return new Target(
                arguments.maybe(Slots.KIND),
                arguments.has("master") ? Optional.of(Role.MASTER) : Optional.empty(),
                arguments.all(Slots.NAME));
    }

    private static Statement.Reading showConfig(Arguments arguments) {
        if (arguments.has("basic")) {
            return new Statement.ShowConfig(new Statement.ShowConfig.Common());
        }
        if (arguments.has("host")) {
            return new Statement.ShowConfig(
                    new Statement.ShowConfig.OfHosts(arguments.all(Slots.HOST)));
        }
        Target target = target(arguments);
        return new Statement.ShowConfig(
                target.equals(Target.ALL)
                        ? new Statement.ShowConfig.Everything()
                        : new Statement.ShowConfig.Members(target));
    }

    private static Statement.Reading showResource(Arguments arguments) {
        return new Statement.ShowResource(
                arguments.one(Slots.NAME),
                arguments.maybe(Slots.DATABASE).orElse(new SqlName("postgres")),
                arguments.maybe(Slots.ROLE));
    }

    private static Statement createUser(Arguments arguments) {
        Set<RolePower> powers =
                Stream.of(RolePower.values())
                        .filter(
                                power ->
                                        arguments.has("--" + power.name().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet());
        Statement.CreateUser create =
                new Statement.CreateUser(
                        arguments.maybe(Slots.COORDINATOR), arguments.one(Slots.ROLE), powers);
        Optional<Secret> password = arguments.maybe(Slots.PASSWORD_FILE);
        return password.isPresent() ? create.with(password.get()) : create;
    }
}
