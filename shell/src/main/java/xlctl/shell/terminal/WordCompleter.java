package xlctl.shell.terminal;

import java.util.List;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import xlctl.shell.language.Completion;

/** Proposes what the language allows next. */
final class WordCompleter implements Completer {
    private final Completion.LiveNames names;
    private final FileNameCompleter files = new FileNameCompleter();

    WordCompleter(Completion.LiveNames names) {
        this.names = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> before = line.words().subList(0, line.wordIndex());
        Completion.Proposal proposal = Completion.after(before, names);
        proposal.words().forEach(word -> candidates.add(new Candidate(word)));
        if (proposal.files()) {
            files.complete(reader, line, candidates);
        }
    }
}
