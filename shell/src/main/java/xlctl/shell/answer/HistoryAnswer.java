package xlctl.shell.answer;

import java.util.List;

/** {@code history}. */
public record HistoryAnswer(List<Typed> lines) implements Answer {
    /** A line that was typed at the prompt. */
    public record Typed(String line) {}

    public HistoryAnswer {
        lines = List.copyOf(lines);
    }

    public static HistoryAnswer of(List<String> lines) {
        return new HistoryAnswer(lines.stream().map(Typed::new).toList());
    }

    @Override
    public String kind() {
        return "history";
    }

    @Override
    public Rows rows() {
        return new Rows(Typed.class, lines);
    }
}
