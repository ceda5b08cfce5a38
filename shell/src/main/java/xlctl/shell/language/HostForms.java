package xlctl.shell.language;

import static xlctl.shell.language.Phrases.change;
import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import xlctl.command.Command;

/** Commands about the hosts and their agents. */
final class HostForms {
    static final List<Form> FORMS =
            List.of(
                    reading(
                            words("host list"),
                            "Lists the hosts that are registered or whose agents offer themselves.",
                            "",
                            "host list",
                            arguments -> new Statement.ListHosts()),
                    reading(
                            words("host matrix"),
                            "Shows which hosts reach which: every agent tries the others and all servers.",
                            "A cell is ok, no, 2/3 of what is to be reached there, ? where the agent"
                                    + " does not answer, or - where nothing is to be reached."
                                    + " Below it each way that is not open has a line with the"
                                    + " reason. Servers that were stopped on purpose need not be"
                                    + " reached. The exit code is 1 when a way is not open or an"
                                    + " agent does not answer.",
                            "host matrix",
                            arguments -> new Statement.HostMatrix()),
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
                    new Form(
                            sequence(words("host forget"), value(Slots.HOST)),
                            "Takes a host without members off the list of those that are registered.",
                            "It is refused while the host's agent answers or is connected to"
                                    + " ZooKeeper. A host that is gone for good keeps rotate keys"
                                    + " from beginning until it is forgotten.",
                            "host forget 127.0.1.1",
                            arguments ->
                                    change(new Command.ForgetHost(arguments.one(Slots.HOST)))));

    private HostForms() {}
}
