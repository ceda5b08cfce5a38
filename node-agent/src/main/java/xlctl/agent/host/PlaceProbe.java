package xlctl.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.engine.Engine;
import xlctl.text.FileTrouble;
import xlctl.topology.Directory;
import xlctl.topology.Problem;

/** Every reason why an instance cannot be prepared on this host. Changes nothing. */
final class PlaceProbe {
    /** The kernel takes no longer path for a local socket. */
    private static final int SOCKET_PATH_BYTES = 107;

    private static final int NAMED_ENTRIES = 3;

    private final AgentConfig config;
    private final Engine engine;
    private final DataDirectories directories;

    PlaceProbe(AgentConfig config, Engine engine, DataDirectories directories) {
        this.config = config;
        this.engine = engine;
        this.directories = directories;
    }

    /**
     * @param others what is on this host already, but for the instance itself
     */
    List<Problem> problems(
            InstanceSpec spec, Path socketDirectory, Collection<InstanceRecord> others) {
        List<Problem> problems = new ArrayList<>();
        if (!spec.cluster().equals(config.cluster()) || spec.engine() != config.engine()) {
            problems.add(
                    Problem.of(
                            "the agent of "
                                    + config.host()
                                    + " serves the cluster "
                                    + config.cluster()
                                    + " with the engine "
                                    + config.engine()
                                    + ", not "
                                    + spec.cluster()
                                    + " with "
                                    + spec.engine(),
                            "correct the agent's configuration"));
        }
        problems.addAll(engine.report().problems());
        problems.addAll(engine.refusals(spec));
        List<Path> places = new ArrayList<>();
        directory(spec.instance().directory(), others, problems).ifPresent(places::add);
        spec.instance()
                .walDirectory()
                .flatMap(wal -> directory(wal, others, problems))
                .ifPresent(places::add);
        if (places.size() == 2 && DataDirectories.overlap(places.get(0), places.get(1))) {
            problems.add(
                    Problem.of(
                            "the WAL directory "
                                    + places.get(1)
                                    + " and the data directory "
                                    + places.get(0)
                                    + " are not apart",
                            "choose another WAL directory"));
        }
        PortProbe.problem(config.serverListen(), spec.instance().port().value())
                .ifPresent(problems::add);
        socketProblem(spec, socketDirectory).ifPresent(problems::add);
        return problems;
    }

    private Optional<Path> directory(
            Directory directory, Collection<InstanceRecord> others, List<Problem> problems) {
        Path path = directories.absolute(directory);
        try {
            Path real = DataDirectories.real(path);
            Optional<Path> root = directories.rootOf(real);
            if (root.isEmpty()) {
                problems.add(outsideRoots(path, real));
                return Optional.empty();
            }
            contentProblem(real).ifPresent(problems::add);
            for (InstanceRecord other : others) {
                takenProblem(real, other).ifPresent(problems::add);
            }
            if (DataDirectories.overlap(real, DataDirectories.real(config.stateDirectory()))) {
                problems.add(
                        Problem.of(
                                real
                                        + " overlaps with the agent's own files in "
                                        + config.stateDirectory(),
                                "choose another directory"));
            }
            writableProblem(real).ifPresent(problems::add);
            spaceProblem(real, root.get()).ifPresent(problems::add);
            return Optional.of(real);
        } catch (IOException e) {
            problems.add(
                    Problem.of(
                            "the directory "
                                    + path
                                    + " cannot be looked at: "
                                    + FileTrouble.named(e),
                            "see to its permissions"));
            return Optional.empty();
        }
    }

    private Problem outsideRoots(Path path, Path real) {
        String roots =
                directories.roots().stream().map(Path::toString).collect(Collectors.joining(", "));
        return Problem.of(
                "the directory "
                        + path
                        + (real.equals(path) ? "" : ", really " + real + ",")
                        + " is not inside the data roots of "
                        + config.host()
                        + ": "
                        + roots,
                "choose a directory there; a relative one is under the first root");
    }

    private static Optional<Problem> contentProblem(Path real) throws IOException {
        if (!Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(real)) {
            return Optional.of(
                    Problem.of(real + " is not a directory", "choose another directory"));
        }
        List<Path> entries = DataDirectories.entries(real);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        String names =
                entries.stream()
                        .limit(NAMED_ENTRIES)
                        .map(entry -> entry.getFileName().toString())
                        .collect(Collectors.joining(", "));
        return Optional.of(
                Problem.of(
                        "the directory "
                                + real
                                + " is not empty: it has "
                                + names
                                + (entries.size() > NAMED_ENTRIES
                                        ? " and " + (entries.size() - NAMED_ENTRIES) + " more"
                                        : "")
                                + InstanceMark.in(real)
                                        .map(owner -> "; it is the data directory of " + owner)
                                        .orElse(""),
                        "choose another directory, or empty it"));
    }

    private static Optional<Problem> takenProblem(Path real, InstanceRecord other) {
        List<String> taken = new ArrayList<>(List.of(other.dataDirectory()));
        other.walDirectory().ifPresent(taken::add);
        return taken.stream()
                .filter(directory -> DataDirectories.overlap(real, Path.of(directory)))
                .findFirst()
                .map(
                        directory ->
                                Problem.of(
                                        "the directory "
                                                + real
                                                + " is taken by "
                                                + other.name()
                                                + ", which has "
                                                + directory,
                                        "choose another directory"));
    }

    private static Optional<Problem> writableProblem(Path real) {
        Path existing = existing(real);
        return Files.isDirectory(existing) && Files.isWritable(existing)
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                "the agent may not write in " + existing,
                                "give it to the agent's user, " + System.getProperty("user.name")));
    }

    private static Optional<Problem> spaceProblem(Path real, Path root) throws IOException {
        long free = Files.getFileStore(existing(real)).getUsableSpace();
        return free >= Engine.INITIAL_BYTES
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                (free >> 20)
                                        + " MB are free for "
                                        + real
                                        + ", a new server needs "
                                        + (Engine.INITIAL_BYTES >> 20)
                                        + " MB",
                                "make space under " + root));
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static Optional<Problem> socketProblem(InstanceSpec spec, Path socketDirectory) {
        String socket = socketDirectory.resolve(".s.PGSQL." + spec.instance().port()).toString();
        int length = socket.getBytes(StandardCharsets.UTF_8).length;
        return length <= SOCKET_PATH_BYTES
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                "the local socket "
                                        + socket
                                        + " would have a path of "
                                        + length
                                        + " bytes, "
                                        + SOCKET_PATH_BYTES
                                        + " are possible",
                                "set a shorter state directory for the agent"));
    }
}
