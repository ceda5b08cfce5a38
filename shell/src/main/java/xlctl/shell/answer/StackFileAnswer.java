package xlctl.shell.answer;

import java.util.List;

/** {@code swarm render}: the whole file as one text. */
public record StackFileAnswer(String cluster, String file) implements Answer {
    @Override
    public String kind() {
        return "stack-file";
    }

    @Override
    public Rows rows() {
        return new Rows(StackFileAnswer.class, List.of(this));
    }
}
