package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.file.DurableFile;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.json.JsonTree;
import xlctl.topology.InstanceName;
import xlctl.topology.Secret;

/**
 * The agent's record of its instances: a directory each with {@code instance.json}, {@code
 * secrets.json}, for a time {@code former-superuser.json}, and what the engine keeps there. Every
 * file is replaced as a whole. An unreadable one is an error, never an instance less.
 */
final class InstanceRecords {
    private static final String RECORD = "instance.json";
    private static final String SECRETS = "secrets.json";
    private static final String FORMER = "former-superuser.json";

    /** Of {@code instance.json}. Files without one are of the releases before there was one. */
    private static final int FORMAT = 2;

    /** What is in {@code instance.json}. */
    private record RecordFile(int format, InstanceRecord record) {}

    /** What is in {@code former-superuser.json}. */
    private record FormerFile(List<Secret> passwords) {}

    private final Path root;

    InstanceRecords(Path stateDirectory) {
        this.root = stateDirectory.resolve("instances");
    }

    /** The agent's own directory for an instance. */
    Path directory(InstanceName name) {
        return root.resolve(name.toString());
    }

    List<InstanceRecord> readAll() throws IOException {
        List<InstanceRecord> records = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return records;
        }
        List<Path> directories;
        try (Stream<Path> found = Files.list(root)) {
            directories = found.sorted().collect(Collectors.toList());
        }
        for (Path directory : directories) {
            Path file = directory.resolve(RECORD);
            // One without a record was about to be made, or was forgotten; one whose record cannot
            // be looked at is neither.
            if (!Files.notExists(file)) {
                records.add(readRecord(file));
            } else {
                DurableFile.deleteTree(directory);
            }
        }
        return records;
    }

    InstanceSecrets secrets(InstanceName name) throws IOException {
        return read(directory(name).resolve(SECRETS), InstanceSecrets.class);
    }

    /** Passwords that the superuser may still have on the server of an instance. */
    List<Secret> formerSuperuser(InstanceName name) throws IOException {
        Path file = directory(name).resolve(FORMER);
        return Files.notExists(file) ? List.of() : read(file, FormerFile.class).passwords();
    }

    /** In this order: a crash in between leaves a way into the server. */
    void write(InstanceName name, InstanceSecrets secrets, List<Secret> formerSuperuser)
            throws IOException {
        Path directory = directory(name);
        if (!formerSuperuser.isEmpty()) {
            DurableFile.write(
                    directory.resolve(FORMER), Json.write(new FormerFile(formerSuperuser)));
        }
        DurableFile.write(directory.resolve(SECRETS), Json.write(secrets));
    }

    void forgetFormerSuperuser(InstanceName name) throws IOException {
        Files.deleteIfExists(directory(name).resolve(FORMER));
    }

    private static InstanceRecord readRecord(Path file) throws IOException {
        Optional<Long> format;
        try {
            format = JsonTree.read(Files.readString(file), file.toString()).number("format");
        } catch (JsonException e) {
            throw unreadable(e);
        }
        if (format.isEmpty()) {
            return read(file, InstanceRecord.class);
        }
        if (format.get() > FORMAT) {
            throw new IOException(
                    file
                            + " has format "
                            + format.get()
                            + ", this agent knows formats up to "
                            + FORMAT
                            + ": it was written by a newer xlctl; run the release of the agent that"
                            + " wrote it");
        }
        return read(file, RecordFile.class).record();
    }

    private static IOException unreadable(JsonException e) {
        return new IOException(
                e.getMessage()
                        + "; restore the file, or run the release of the agent that wrote it",
                e);
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            return Json.read(Files.readAllBytes(file), type, file.toString());
        } catch (JsonException e) {
            throw unreadable(e);
        }
    }

    void write(InstanceRecord record, InstanceSecrets secrets) throws IOException {
        Path directory = directory(record.name());
        DurableFile.createDirectories(directory);
        DurableFile.write(directory.resolve(SECRETS), Json.write(secrets));
        write(record);
    }

    void write(InstanceRecord record) throws IOException {
        DurableFile.write(
                directory(record.name()).resolve(RECORD),
                Json.write(new RecordFile(FORMAT, record)));
    }

    void forget(InstanceName name) throws IOException {
        Path directory = directory(name);
        Files.deleteIfExists(directory.resolve(RECORD));
        DurableFile.deleteTree(directory);
    }
}
