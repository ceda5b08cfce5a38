package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.shell.language.Syntax.Terminal;
import xlctl.text.NearNames;
import xlctl.text.Quoted;
import xlctl.topology.InvalidValueException;

/** Makes statements of lines. Reads the files that a line names; thread-safe if they are. */
public final class Parser {
    private static final Set<String> OF_THE_PROGRAM =
            Set.of(
                    "--home",
                    "--cluster",
                    "--zookeeper",
                    "--output",
                    "--wait",
                    "--no-wait",
                    "--dry-run",
                    "--keep-going",
                    "--help",
                    "--version");

    private final TextFiles files;

    public Parser(TextFiles files) {
        this.files = requireNonNull(files, "files is null");
    }

    public Parsed parse(Line line) {
        if (line.words().isEmpty() && line.complaints().isEmpty()) {
            return new Parsed.Nothing();
        }
        if (!line.complaints().isEmpty()) {
            return new Parsed.Malformed(line.text(), line.complaints(), List.of());
        }
        Walk walk = Walk.over(line.words());
        List<Complaint> complaints = new ArrayList<>();
        if (walk.stoppedAt().isPresent()) {
            complaints.add(unexpected(walk, line, walk.stoppedAt().get()));
        } else if (walk.complete().isEmpty()) {
            complaints.add(tooShort(walk, line));
        }
        List<Walk.State> ways = complaints.isEmpty() ? walk.complete() : walk.states();
        boolean clear = complaints.isEmpty() || ways.size() == 1;
        Arguments arguments =
                clear ? read(ways.get(0), complaints) : new Arguments(List.of(), List.of());
        if (!complaints.isEmpty()) {
            return new Parsed.Malformed(line.text(), complaints, usages(walk));
        }
        try {
            return new Parsed.Understood(ways.get(0).form().meaning().apply(arguments));
        } catch (InvalidValueException e) {
            Complaint whole = new Complaint(0, line.text().length(), e.getMessage());
            return new Parsed.Malformed(line.text(), List.of(whole), List.of());
        }
    }

    private Arguments read(Walk.State way, List<Complaint> complaints) {
        List<Arguments.Value> values = new ArrayList<>();
        for (Arguments.Match match : way.matches()) {
            if (match.terminal() instanceof Syntax.Place place) {
                try {
                    Object value = place.slot().read(match.word().text(), files);
                    values.add(new Arguments.Value(place.slot(), value));
                } catch (InvalidValueException e) {
                    complaints.add(
                            Complaint.about(
                                    match.word(), place.slot().label() + ": " + e.getMessage()));
                }
            }
        }
        return new Arguments(way.matches(), values);
    }

    private static Complaint unexpected(Walk walk, Line line, Word word) {
        if (word.equals(line.words().get(0))) {
            return unknownCommand(word);
        }
        Optional<Syntax.Absent> absent = walk.absent(word);
        if (absent.isPresent()) {
            return notHere(word, absent.get());
        }
        List<Terminal> expected = walk.expected();
        boolean option = word.text().startsWith("-");
        boolean again =
                line.words().stream()
                        .takeWhile(each -> !each.equals(word))
                        .anyMatch(each -> each.text().equalsIgnoreCase(word.text()));
        String misplaced = again ? "it is there already" : hint(walk, word, expected.isEmpty());
        if (expected.isEmpty()) {
            return Complaint.about(
                    word,
                    Quoted.ascii(word.text())
                            + " is too much: "
                            + (option && !misplaced.isEmpty()
                                    ? misplaced
                                    : "the command ends before it"));
        }
        String question = NearNames.question(word.text(), walk.expectedWords());
        String hint = question.isEmpty() && option ? misplaced : question;
        return Complaint.about(
                word,
                "expected "
                        + describe(expected, !walk.complete().isEmpty())
                        + ", found "
                        + Quoted.ascii(word.text())
                        + (hint.isEmpty() ? "" : ": " + hint));
    }

    /** Where an option that cannot stand here could. */
    private static String hint(Walk walk, Word word, boolean atTheEnd) {
        boolean ofThisCommand =
                walk.states().stream()
                        .anyMatch(state -> state.form().words().contains(word.text()));
        if (ofThisCommand) {
            return atTheEnd ? "it does not go with what stands before it" : "that comes later";
        }
        return OF_THE_PROGRAM.contains(word.text().replaceFirst("=.*", ""))
                ? "the options of xlctl stand before the words"
                : "";
    }

    private static Complaint unknownCommand(Word word) {
        Optional<Syntax.Absent> absent = Grammar.absentCommands(word.text()).findFirst();
        if (absent.isPresent()) {
            return notHere(word, absent.get());
        }
        String question = NearNames.question(word.text(), Grammar.commandWords());
        String hint =
                word.text().contains(" ")
                        ? "give the words of a command one by one, not as one argument"
                        : "help lists the commands";
        return Complaint.about(
                word,
                Quoted.ascii(word.text())
                        + " is not a command: "
                        + (question.isEmpty() ? hint : question));
    }

    private static Complaint notHere(Word word, Syntax.Absent absent) {
        return Complaint.about(
                word, Quoted.ascii(word.text()) + " " + absent.why() + ": " + absent.instead());
    }

    private static Complaint tooShort(Walk walk, Line line) {
        int end = line.words().get(line.words().size() - 1).end();
        return new Complaint(
                end + 1,
                end + 2,
                "the command ends too early: expected " + describe(walk.expected(), false));
    }

    private static String describe(List<Terminal> expected, boolean orEnd) {
        List<String> texts = new ArrayList<>();
        for (Terminal terminal : expected) {
            if (terminal instanceof Syntax.Place place && place.slot().isClosed()) {
                place.slot().choices().forEach(choice -> texts.add(Quoted.of(choice)));
            } else if (terminal instanceof Syntax.Place place) {
                texts.add(
                        expected.size() == 1
                                ? place.slot().label() + " (" + place.slot().meaning() + ")"
                                : place.slot().label());
            } else {
                texts.add(Quoted.of(terminal.usage()));
            }
        }
        if (orEnd) {
            texts.add("the end of the command");
        }
        List<String> distinct = texts.stream().distinct().toList();
        int last = distinct.size() - 1;
        return distinct.size() == 1
                ? distinct.get(0)
                : String.join(", ", distinct.subList(0, last)) + " or " + distinct.get(last);
    }

    private static List<String> usages(Walk walk) {
        return walk.states().stream()
                .map(state -> state.form().usage())
                .distinct()
                .collect(Collectors.toList());
    }
}
