package xlctl.shell.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import xlctl.shell.language.CompletionTable;
import xlctl.shell.language.CompletionTable.Point;

/**
 * Scripts by which bash and zsh complete xlctl's words, made from the grammar's table. They start
 * no program: names of a live cluster they do not know.
 */
public final class ShellCompletion {
    private static final String BASH =
            """
            _xlctl() {
                local _xlctl_point=0 _xlctl_words= _xlctl_files= line=${COMP_LINE:0:COMP_POINT} word at
                local -a words
                read -ra words <<<"$line"
                [[ $line == *[[:space:]] ]] && words+=('')
                for ((at = 1; at < ${#words[@]} - 1; at++)); do
                    _xlctl_step "$_xlctl_point" "${words[at]}"
                done
                word=${words[at]:-}
                _xlctl_propose "$_xlctl_point"
                mapfile -t COMPREPLY < <(compgen -W "$_xlctl_words" -- "$word"
                    [[ -z $_xlctl_files ]] || compgen -f -- "$word")
                [[ -z $_xlctl_files ]] || compopt -o filenames 2>/dev/null
            }
            complete -F _xlctl xlctl
            """;

    private static final String ZSH =
            """
            _xlctl() {
                local _xlctl_point=0 _xlctl_words= _xlctl_files= at
                for ((at = 2; at < CURRENT; at++)); do
                    _xlctl_step "$_xlctl_point" "${words[at]}"
                done
                _xlctl_propose "$_xlctl_point"
                compadd -- ${=_xlctl_words}
                [[ -z $_xlctl_files ]] || _files
            }
            if [[ $funcstack[1] == _xlctl ]]; then _xlctl "$@"; else compdef _xlctl xlctl; fi
            """;

    private final List<Point> points = new ArrayList<>();

    private ShellCompletion() {}

    public static String bash(ProgramOptions options) {
        return "# Completion of xlctl for bash. Made by: xlctl completion bash\n\n"
                + walk(options)
                + BASH;
    }

    public static String zsh(ProgramOptions options) {
        return "#compdef xlctl\n# Completion of xlctl for zsh. Made by: xlctl completion zsh\n\n"
                + walk(options)
                + ZSH;
    }

    /** The table as two functions that both shells understand. */
    private static String walk(ProgramOptions options) {
        List<Point> points = points(options);
        StringBuilder step = new StringBuilder("_xlctl_step() {\n    case \"$1 $2\" in\n");
        StringBuilder propose =
                new StringBuilder(
                        "_xlctl_propose() {\n    _xlctl_words= _xlctl_files=\n    case $1 in\n");
        for (int number = 0; number < points.size(); number++) {
            Point point = points.get(number);
            String at = Integer.toString(number);
            point.next()
                    .forEach(
                            (word, next) ->
                                    step.append(
                                            "    '%s %s') _xlctl_point=%d ;;\n"
                                                    .formatted(at, word, next)));
            point.otherwise()
                    .ifPresent(
                            next ->
                                    step.append(
                                            "    '%s '*) _xlctl_point=%d ;;\n"
                                                    .formatted(at, next)));
            if (!point.next().isEmpty() || point.files()) {
                propose.append(
                        "    %s) _xlctl_words='%s'%s ;;\n"
                                .formatted(
                                        at,
                                        String.join(" ", point.next().keySet()),
                                        point.files() ? " _xlctl_files=yes" : ""));
            }
        }
        return step.append("    *) _xlctl_point=nowhere ;;\n    esac\n}\n\n").toString()
                + propose.append("    esac\n}\n\n");
    }

    /** The program's options may stand before a command, again and again. */
    private static List<Point> points(ProgramOptions options) {
        ShellCompletion all = new ShellCompletion();
        all.points.addAll(CompletionTable.points());
        Point start = all.points.get(0);
        Map<String, Integer> first = new LinkedHashMap<>(start.next());
        options.options().forEach(option -> all.add(option, 0, first));
        for (ProgramOptions.Subcommand subcommand : options.subcommands()) {
            first.put(subcommand.name(), all.points.size());
            all.add(subcommand);
        }
        all.points.set(0, new Point(first, start.files(), start.otherwise()));
        return all.points;
    }

    private void add(ProgramOptions.Subcommand subcommand) {
        int own = points.size();
        Map<String, Integer> next = new LinkedHashMap<>();
        boolean free = subcommand.words().isEmpty();
        points.add(new Point(next, free, OptionalInt.of(own)));
        subcommand.words().forEach(word -> next.put(word, own));
        subcommand.options().forEach(option -> add(option, own, next));
        points.set(own, new Point(next, free, OptionalInt.of(own)));
    }

    /** After an option, and its value, it goes on at the point where it stood. */
    private void add(ProgramOptions.Option option, int point, Map<String, Integer> next) {
        int after = point;
        if (!option.value().isEmpty()) {
            after = points.size();
            Map<String, Integer> choices = new LinkedHashMap<>();
            option.choices().forEach(choice -> choices.put(choice, point));
            points.add(new Point(choices, option.takesFile(), OptionalInt.of(point)));
        }
        for (String name : option.names()) {
            next.put(name, after);
        }
    }
}
