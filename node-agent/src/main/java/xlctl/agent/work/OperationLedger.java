package xlctl.agent.work;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StepKey;
import xlctl.agent.file.DurableFile;
import xlctl.json.Json;
import xlctl.json.JsonException;

/**
 * What this agent knows of operations: the highest attempt of each, and what became of that
 * attempt's steps. Attempts and finished steps are on disk, one file an operation; failed steps in
 * memory only. Not thread-safe.
 */
final class OperationLedger {
    /** Operations kept; the lowest numbers go first. */
    static final int KEPT = 256;

    private static final int FORMAT = 1;
    private static final String SUFFIX = ".json";
    private static final String UNFINISHED = SUFFIX + ".new";

    /**
     * A step that ended.
     *
     * @param fingerprint of the request it was
     */
    record Ended(String fingerprint, Reply reply) {
        Ended {
            requireNonNull(fingerprint, "fingerprint is null");
            requireNonNull(reply, "reply is null");
        }
    }

    /** A file of the ledger. */
    record OperationFile(int format, long operation, int attempt, List<DoneStep> done) {
        OperationFile {
            done = List.copyOf(done);
        }
    }

    /** A step that was done. */
    record DoneStep(int step, String fingerprint, String detail) {
        DoneStep {
            requireNonNull(fingerprint, "fingerprint is null");
            requireNonNull(detail, "detail is null");
        }
    }

    private static final class Operation {
        private final int attempt;
        private final Map<Integer, Ended> steps = new HashMap<>();

        Operation(int attempt) {
            this.attempt = attempt;
        }
    }

    private final Path directory;
    private final TreeMap<Long, Operation> operations = new TreeMap<>();

    private OperationLedger(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads what is on disk.
     *
     * @throws IOException naming a file that cannot be read; it is never taken for absent, because
     *     then a lower attempt could come through
     */
    static OperationLedger open(Path directory) throws IOException {
        DurableFile.createDirectories(directory);
        OperationLedger ledger = new OperationLedger(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                } else if (file.toString().endsWith(SUFFIX)) {
                    ledger.load(file);
                }
            }
        }
        ledger.trim();
        return ledger;
    }

    private void load(Path file) throws IOException {
        try {
            OperationFile read =
                    Json.read(Files.readAllBytes(file), OperationFile.class, file.toString());
            if (read.format() != FORMAT) {
                throw new IOException(
                        file
                                + " is of format "
                                + read.format()
                                + ", this agent knows "
                                + FORMAT
                                + "; run the agent's newer release");
            }
            Operation operation = new Operation(read.attempt());
            for (DoneStep step : read.done()) {
                operation.steps.put(
                        step.step(), new Ended(step.fingerprint(), new Reply.Done(step.detail())));
            }
            operations.put(read.operation(), operation);
        } catch (JsonException e) {
            throw new IOException(
                    e.getMessage()
                            + "; if that operation is over (operation show), remove the file",
                    e);
        }
    }

    /** The highest attempt seen of an operation; empty for one never seen. */
    Optional<Integer> attempt(long operation) {
        return Optional.ofNullable(operations.get(operation)).map(known -> known.attempt);
    }

    /** Whether an operation is so old that what was known of it is gone. */
    boolean isForgotten(long operation) {
        return operations.size() >= KEPT && operation < operations.firstKey();
    }

    /** Notes a higher attempt, on disk before this returns; the results of lower ones go. */
    void raise(long operation, int attempt) throws IOException {
        Operation raised = new Operation(attempt);
        write(operation, raised);
        operations.put(operation, raised);
        trim();
    }

    Optional<Ended> ended(StepKey key) {
        return current(key).map(operation -> operation.steps.get(key.step()));
    }

    /**
     * Notes how a step ended; nothing for one of an attempt that is no longer the highest. Known in
     * memory even when the disk refuses it.
     */
    void end(StepKey key, Ended ended) throws IOException {
        Optional<Operation> operation = current(key);
        if (operation.isPresent()) {
            operation.get().steps.put(key.step(), ended);
            if (ended.reply() instanceof Reply.Done) {
                write(key.operation(), operation.get());
            }
        }
    }

    private Optional<Operation> current(StepKey key) {
        return Optional.ofNullable(operations.get(key.operation()))
                .filter(operation -> operation.attempt == key.attempt());
    }

    private void write(long number, Operation operation) throws IOException {
        List<DoneStep> done = new ArrayList<>();
        operation.steps.forEach(
                (step, ended) -> {
                    if (ended.reply() instanceof Reply.Done reply) {
                        done.add(new DoneStep(step, ended.fingerprint(), reply.detail()));
                    }
                });
        DurableFile.write(
                file(number),
                Json.write(new OperationFile(FORMAT, number, operation.attempt, done)));
    }

    private void trim() throws IOException {
        while (operations.size() > KEPT) {
            Files.deleteIfExists(file(operations.firstKey()));
            operations.pollFirstEntry();
        }
    }

    private Path file(long operation) {
        return directory.resolve(operation + SUFFIX);
    }
}
