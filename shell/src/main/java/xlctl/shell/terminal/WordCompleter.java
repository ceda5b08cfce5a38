package xlctl.shell.terminal;

import java.util.List;
import java.util.Locale;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import xlctl.shell.language.Completion;

/** Proposes what the language allows next, of what begins as the word that is being typed. */
final class WordCompleter implements Completer {
    private final LiveNamesCache names;
    private final FileNames files;

    WordCompleter(LiveNamesCache names, FileNames files) {
        this.names = names;
        this.files = files;
    }

    @Override
    public void complete(LineReader reader, ParsedLine parsed, List<Candidate> candidates) {
        TypedLine line = new TypedLine(parsed.line(), parsed.cursor());
        if (line.comment()) {
            return;
        }
        names.awaitFresh();
        String typed = line.typed().toLowerCase(Locale.ROOT);
        Completion.Proposal proposal = Completion.after(line.before(), names);
        proposal.words().stream()
                .filter(word -> word.toLowerCase(Locale.ROOT).startsWith(typed))
                .forEach(word -> candidates.add(new Candidate(word)));
        if (proposal.files()) {
            files.beginningWith(line.typed()).forEach(name -> candidates.add(candidate(name)));
        }
    }

    /** What is in a directory can be typed on. */
    private static Candidate candidate(String name) {
        return new Candidate(name, name, null, null, null, null, !name.endsWith("/"));
    }
}
