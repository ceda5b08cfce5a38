package xlctl.shell.language;

import static xlctl.shell.language.Syntax.absent;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.shell.language.Syntax.Absent;

/**
 * The table of the language. To add a command, add a {@link Form} to one of its parts: the parser,
 * its complaints, help, completion and docs/commands.md follow.
 */
final class Grammar {
    /** In the order of help and docs/commands.md. */
    static final List<Form> FORMS =
            Stream.of(
                            MemberForms.FORMS,
                            LookForms.FORMS,
                            SqlForms.FORMS,
                            HostForms.FORMS,
                            OperationForms.FORMS,
                            SwarmForms.FORMS,
                            SecretForms.FORMS,
                            RecordForms.FORMS,
                            ShellForms.FORMS)
                    .flatMap(List::stream)
                    .toList();

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

    static Stream<Absent> absentCommands(String firstWord) {
        return ABSENT.stream().filter(absent -> absent.matches(firstWord));
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
}
