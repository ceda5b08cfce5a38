package xlctl.shell.language;

import static xlctl.shell.language.Phrases.TARGET;
import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Phrases.target;
import static xlctl.shell.language.Phrases.watchable;
import static xlctl.shell.language.Syntax.absent;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import xlctl.command.Target;
import xlctl.shell.language.Syntax.Synonym;
import xlctl.topology.SqlName;

/** Commands that show the cluster. */
final class LookForms {
    private static final String DEEP = "--deep";

    static final List<Form> FORMS =
            List.of(
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
                            LookForms::showConfig),
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
                            LookForms::showResource));

    private LookForms() {}

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
}
