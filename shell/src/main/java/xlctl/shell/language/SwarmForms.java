package xlctl.shell.language;

import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.anyOrder;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import xlctl.shell.language.Syntax.Named;

/** Commands about what Docker Swarm has of the cluster. */
final class SwarmForms {
    private static final String UNENCRYPTED = "--allow-unencrypted";

    private static final String YES = "--yes";

    /** What a cluster is set up with. */
    private static final Named SETUP =
            new Named(
                    "SETUP",
                    anyOrder(
                            sequence(words("--image"), value(Slots.IMAGE)),
                            words(UNENCRYPTED),
                            sequence(words("--subnet"), value(Slots.SUBNET)),
                            sequence(words("--client-subnet"), value(Slots.CLIENT_SUBNET))));

    static final List<Form> FORMS =
            List.of(
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
                            arguments -> new Statement.SwarmDown(arguments.has(YES))));

    private SwarmForms() {}
}
