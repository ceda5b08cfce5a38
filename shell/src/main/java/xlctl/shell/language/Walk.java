package xlctl.shell.language;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.shell.language.Arguments.Match;
import xlctl.shell.language.Syntax.Terminal;
import xlctl.topology.NodeKind;

/**
 * How far words go along the forms of the table.
 *
 * @param states every way in which the words up to {@code stoppedAt} can be understood
 * @param stoppedAt the first word that fits none of them
 */
record Walk(List<State> states, Optional<Word> stoppedAt) {
    /**
     * One form and how much of it is behind. A line may have thousands of words: states share what
     * is behind them.
     *
     * @param before the same without the last word
     * @param match what the last word was taken for
     */
    record State(Form form, Syntax rest, Optional<State> before, Optional<Match> match) {
        static State atStartOf(Form form) {
            return new State(form, form.syntax(), Optional.empty(), Optional.empty());
        }

        private State after(Syntax.Step step, Word word) {
            return new State(
                    form,
                    step.rest(),
                    Optional.of(this),
                    Optional.of(new Match(step.terminal(), word)));
        }

        /** Which word was taken for what, in their order. */
        List<Match> matches() {
            List<Match> matches = new ArrayList<>();
            for (Optional<State> at = Optional.of(this); at.isPresent(); at = at.get().before) {
                at.get().match.ifPresent(matches::add);
            }
            Collections.reverse(matches);
            return matches;
        }

        /** Whether every value can be read; files are not looked for. */
        boolean readable() {
            return matches().stream().allMatch(Match::readable);
        }

        /** The kind of node that the words so far restrict this to. */
        Optional<NodeKind> kind() {
            return matches().stream()
                    .flatMap(
                            match ->
                                    Stream.of(NodeKind.values())
                                            .filter(
                                                    kind ->
                                                            match.terminal().isExact()
                                                                    && kind.word()
                                                                            .equalsIgnoreCase(
                                                                                    match.word()
                                                                                            .text())))
                    .findFirst();
        }
    }

    private record Move(State state, Syntax.Step step) {
        Terminal terminal() {
            return step.terminal();
        }
    }

    Walk {
        states = List.copyOf(states);
    }

    static Walk over(List<Word> words) {
        List<State> states = Grammar.FORMS.stream().map(State::atStartOf).toList();
        for (Word word : words) {
            List<State> next = step(states, word);
            if (next.isEmpty()) {
                return new Walk(states, Optional.of(word));
            }
            states = next;
        }
        return new Walk(states, Optional.empty());
    }

    /** The ways in which the words so far are a whole command. */
    List<State> complete() {
        return states.stream().filter(state -> state.rest().canEnd()).toList();
    }

    /** What could come next. */
    List<Terminal> expected() {
        return states.stream()
                .flatMap(state -> state.rest().steps())
                .map(Syntax.Step::terminal)
                .filter(
                        terminal ->
                                terminal instanceof Syntax.Keyword
                                        || terminal instanceof Syntax.Place)
                .distinct()
                .toList();
    }

    /** The words of the language that could come next. */
    List<String> expectedWords() {
        return expected().stream()
                .flatMap(
                        terminal ->
                                terminal instanceof Syntax.Place place
                                        ? place.slot().choices().stream()
                                        : Stream.of(terminal.usage()))
                .distinct()
                .toList();
    }

    /** Why a word that stopped this walk is not in this version, when pgxc_ctl knows it. */
    Optional<Syntax.Absent> absent(Word word) {
        return states.stream()
                .flatMap(state -> state.rest().steps())
                .map(Syntax.Step::terminal)
                .flatMap(
                        terminal ->
                                terminal instanceof Syntax.Absent absent
                                        ? Stream.of(absent)
                                        : Stream.empty())
                .filter(absent -> absent.matches(word.text()))
                .findFirst();
    }

    /** A word that is part of the language is never taken for a value. */
    private static List<State> step(List<State> states, Word word) {
        List<Move> moves =
                states.stream()
                        .flatMap(state -> state.rest().steps().map(step -> new Move(state, step)))
                        .filter(move -> move.terminal().matches(word.text()))
                        .toList();
        if (moves.stream().anyMatch(move -> move.terminal() instanceof Syntax.Absent)) {
            return List.of();
        }
        boolean exact = moves.stream().anyMatch(move -> move.terminal().isExact());
        return moves.stream()
                .filter(move -> move.terminal().isExact() == exact)
                .map(move -> move.state().after(move.step(), word))
                .toList();
    }
}
