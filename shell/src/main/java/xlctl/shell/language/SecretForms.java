package xlctl.shell.language;

import static xlctl.shell.language.Phrases.change;
import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import xlctl.command.Command;

/** Commands about certificates and passwords. */
final class SecretForms {
    static final List<Form> FORMS =
            List.of(
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
                            words("rotate keys"),
                            "Replaces the SSH key by which agents know this shell's home.",
                            "Makes a new one, has every host let it in, logs in with it everywhere,"
                                    + " puts it in the place of the old one, and then has every"
                                    + " host let the old one in no more. Keys of other operators"
                                    + " stay. All registered hosts must be reached, and no agent"
                                    + " may offer itself that is not registered.",
                            "rotate keys",
                            arguments -> change(new Command.RotateKeys())),
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
                                    new Statement.WriteAccess(arguments.one(Slots.ACCESS_DIR))));

    private SecretForms() {}
}
