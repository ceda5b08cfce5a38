package xlctl.shell.answer;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import xlctl.store.OperationHeader;

/** {@code operation list}, oldest first. */
public record OperationsAnswer(List<Operation> operations) implements Answer {
    /**
     * An operation.
     *
     * @param open whether it keeps other changes out
     * @param from the host and process of the shell
     * @param attempt starts at 1 and grows with every resume and rollback
     * @param result what came out; empty while it is open
     */
    public record Operation(
            long number,
            String state,
            boolean open,
            String command,
            String who,
            String from,
            Instant started,
            Optional<Instant> finished,
            int attempt,
            String result) {
        static Operation of(OperationHeader header) {
            return new Operation(
                    header.number(),
                    header.state().name().toLowerCase(Locale.ROOT),
                    header.state().open(),
                    header.command(),
                    header.who(),
                    header.from(),
                    header.started(),
                    header.finished(),
                    header.attempt(),
                    header.result());
        }
    }

    public OperationsAnswer {
        operations = List.copyOf(operations);
    }

    public static OperationsAnswer of(List<OperationHeader> operations) {
        return new OperationsAnswer(operations.stream().map(Operation::of).toList());
    }

    @Override
    public String kind() {
        return "operations";
    }

    @Override
    public Rows rows() {
        return new Rows(Operation.class, operations);
    }
}
