package xlctl.shell.language;

import static xlctl.shell.language.Phrases.change;
import static xlctl.shell.language.Syntax.absent;
import static xlctl.shell.language.Syntax.anyOrder;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.RolePower;
import xlctl.command.Command;
import xlctl.shell.language.Syntax.Named;
import xlctl.topology.Secret;

/** Commands about what is in the databases. */
final class SqlForms {
    private static final String OWNER = "--owner";

    private static final String ONE_ENCODING =
            "every database of a cluster has UTF8 and C.UTF-8; --owner ROLE is what can be given";

    private static final String ONE_TEMPLATE =
            "databases are made from template1; --owner ROLE is what can be given";

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

    static final List<Form> FORMS =
            List.of(
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
                            SqlForms::createUser),
                    new Form(
                            sequence(words("psql"), THROUGH, maybe(several(Slots.PSQL_WORD))),
                            "Runs psql on a coordinator that runs, as the role app.",
                            "In the database postgres, unless psql's own words say otherwise. This"
                                    + " machine must lie in networks.clients. The exit code is 0; 3"
                                    + " when the server was not reached; 4 when psql is not"
                                    + " installed or COORD is no coordinator; else 1.",
                            "psql -c 'SELECT * FROM pgxc_node'",
                            arguments ->
                                    new Statement.Psql(
                                            arguments.maybe(Slots.COORDINATOR),
                                            arguments.all(Slots.PSQL_WORD))));

    private SqlForms() {}

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
