package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import xlctl.agent.AgentProgram;
import xlctl.agent.api.Request;
import xlctl.controller.Controller;
import xlctl.controller.ControllerSettings;
import xlctl.controller.SampleController;
import xlctl.operation.World;
import xlctl.shell.script.ClusterControl;
import xlctl.shell.script.FakeCluster;
import xlctl.store.Identities;
import xlctl.store.IdentityFiles;
import xlctl.topology.ClusterName;
import xlctl.topology.NodeKind;

/** Runs one {@link BadInput} in a directory of its own, which is the home as well. */
final class BadInputRun implements AutoCloseable {
    /** A relative name, so that messages point at words where the table has them. */
    static final Path DIRECTORY = Path.of("target", "in");

    private static final long MEGABYTE = 1024 * 1024;

    private final BadInput row;
    private final Map<String, String> environment = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();
    private Function<ControllerSettings, ClusterControl> connect = settings -> new FakeCluster();
    private Optional<World> world = Optional.empty();

    BadInputRun(BadInput row) {
        this.row = row;
    }

    /** The exit code, then standard output, its lines marked, then standard error. */
    List<String> outcome() throws IOException {
        clear();
        Files.createDirectories(DIRECTORY);
        environment.put("XLCTL_HOME", DIRECTORY.toString());
        Files.writeString(DIRECTORY.resolve("xlctl.yaml"), "cluster: c\n");
        for (BadInput.Preparation each : row.preparations()) {
            prepare(each);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        List<String> outcome = new ArrayList<>();
        outcome.add("exit " + exit);
        lines(out).forEach(line -> outcome.add("> " + line));
        lines(err).forEach(outcome::add);
        return outcome;
    }

    private int run(PrintStream out, PrintStream err) {
        List<String> words = row.words();
        List<String> arguments = words.subList(1, words.size());
        if (words.get(0).equals("xlctl-agent")) {
            return AgentProgram.run(arguments, out, err);
        }
        return new Program(environment, in, out, err, false, connect, new Interruption())
                .run(arguments.toArray(String[]::new));
    }

    private void prepare(BadInput.Preparation line) throws IOException {
        Path file = DIRECTORY.resolve(line.name());
        switch (line.what()) {
            case "file" -> Files.write(file, line.value());
            case "megabytes" -> {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(Long.parseLong(line.text()) * MEGABYTE);
                }
            }
            case "repeat" -> {
                int blank = line.text().indexOf(' ');
                int times = Integer.parseInt(line.text().substring(0, blank));
                Files.writeString(file, line.text().substring(blank + 1).repeat(times));
            }
            case "directory" -> Files.createDirectory(file);
            case "link" -> Files.createSymbolicLink(file, Path.of(line.text()));
            case "mode" ->
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(line.text()));
            case "identity" ->
                    IdentityFiles.write(
                            file, Identities.generate(new ClusterName(line.text())).controller());
            case "variable" -> environment.put(line.name(), line.text());
            case "stdin" -> in = new ByteArrayInputStream(line.value());
            case "endless" -> in = new Endless();
            case "cluster" -> connect = settings -> ClusterControl.of(sample());
            case "store" -> connect = settings -> ClusterControl.of(Controller.open(settings));
            case "silent" -> world().agents().cutOff(line.name());
            case "refusing" ->
                    world().agents()
                            .host(line.name())
                            .failing(
                                    Request.CreateDatabase.class,
                                    xlctl.agent.api.Reply.Failed.refused(
                                            line.text(), "choose another name"));
            case "stopped" -> SampleController.stop(world(), line.name());
            case "tables" ->
                    world().agents()
                            .host(line.name())
                            .withTables(
                                    line.text().split(" ")[0], List.of(line.text().split(" ")[1]));
            default -> throw new IllegalArgumentException("no such preparation: " + line);
        }
    }

    private Controller sample() {
        return SampleController.of(world());
    }

    /** h1 has the GTM, h2 a coordinator, h3 a datanode; h4 has nothing yet. */
    private World world() {
        if (world.isEmpty()) {
            world =
                    Optional.of(
                            new World("h1", "h2", "h3", "h4")
                                    .with(
                                            World.add(NodeKind.GTM, "gtm_m_1", "h1"),
                                            World.add(NodeKind.COORDINATOR, "coord_m_1", "h2"),
                                            World.add(NodeKind.DATANODE, "data_m_1", "h3")));
        }
        return world.get();
    }

    /** Without the directory that this happens to run in. */
    private static Stream<String> lines(ByteArrayOutputStream output) {
        String here = Path.of("").toAbsolutePath().toString();
        return output.toString(UTF_8)
                .replace(here + File.separator, "")
                .replace(here, "HERE")
                .lines();
    }

    @Override
    public void close() throws IOException {
        world.ifPresent(World::close);
        clear();
    }

    private static void clear() throws IOException {
        if (Files.notExists(DIRECTORY)) {
            return;
        }
        try (Stream<Path> all = Files.walk(DIRECTORY)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** What never ends, as /dev/zero. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'a';
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'a');
            return length;
        }
    }
}
