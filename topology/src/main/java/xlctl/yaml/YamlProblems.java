package xlctl.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** What was found wrong in one file so far. */
final class YamlProblems {
    private record Found(int line, int column, String message) {}

    private final String source;
    private final List<Found> found = new ArrayList<>();

    YamlProblems(String source) {
        this.source = source;
    }

    void add(Optional<Mark> mark, String message) {
        Found problem = at(mark, message);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    List<String> sorted() {
        return found.stream()
                .sorted(Comparator.comparingInt(Found::line).thenComparingInt(Found::column))
                .map(this::text)
                .collect(Collectors.toUnmodifiableList());
    }

    String place(Optional<Mark> mark) {
        Found place = at(mark, "");
        return source + ":" + place.line() + ":" + place.column();
    }

    private String text(Found problem) {
        return source + ":" + problem.line() + ":" + problem.column() + ": " + problem.message();
    }

    private static Found at(Optional<Mark> mark, String message) {
        return new Found(
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1,
                message);
    }
}
