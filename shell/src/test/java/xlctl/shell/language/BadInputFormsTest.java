package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xlctl.shell.BadInput;

/** Every form of every command has something wrong in the tables of {@link BadInput}. */
class BadInputFormsTest {
    @Test
    void everyFormOccurs() {
        Set<Form> seen = new HashSet<>();
        for (BadInput row : BadInput.all()) {
            List<String> words = row.words();
            Line line = Line.of(words.subList(1, words.size()));
            Walk.over(line.words()).states().stream()
                    .filter(state -> state.matches().size() >= leading(state.form()))
                    .map(Walk.State::form)
                    .forEach(seen::add);
        }

        assertThat(Grammar.FORMS.stream().filter(form -> !seen.contains(form)).map(Form::usage))
                .isEmpty();
    }

    /** The words that tell it from other forms. */
    private static int leading(Form form) {
        int count = 0;
        Syntax rest = form.syntax();
        List<Syntax.Step> steps = rest.steps().toList();
        while (!rest.canEnd()
                && steps.size() == 1
                && steps.get(0).terminal() instanceof Syntax.Keyword) {
            count++;
            rest = steps.get(0).rest();
            steps = rest.steps().toList();
        }
        return Math.max(count, 1);
    }
}
