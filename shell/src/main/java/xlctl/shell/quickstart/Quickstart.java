package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import xlctl.controller.ExitCode;
import xlctl.shell.settings.Home;

/** {@code xlctl quickstart}: a whole cluster on this machine, or an end to it. */
@Command(
        name = "quickstart",
        description = {
            "Makes a cluster of one GTM, three coordinators and three datanodes on this machine,",
            "on 127.0.1.1 to 127.0.1.7, and leaves it running. Run again, it says what is there",
            "and starts what is not running."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Quickstart implements Callable<Integer> {
    private static final String DEFAULT_USER = "postgres";

    private final ToIntFunction<String[]> xlctl;

    @Spec private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "where all of it lies, and the home of the shell (default: the default home)")
    private String directory;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description =
                    "who agents and servers run as when root runs this (default: "
                            + DEFAULT_USER
                            + ")")
    private String user;

    @Option(
            names = "--down",
            description = "stop and remove what the quickstart made, and nothing else")
    private boolean down;

    /**
     * @param xlctl runs xlctl with arguments, and answers its exit code
     */
    public Quickstart(ToIntFunction<String[]> xlctl) {
        this.xlctl = xlctl;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Layout layout =
                new Layout(Home.find(Optional.ofNullable(directory), System.getenv()).directory());
        try {
            return down ? takeDown(layout) : bringUp(layout);
        } catch (QuickstartException e) {
            err.println("quickstart: " + e.getMessage());
            return e.exit().code();
        } catch (IOException e) {
            err.println("quickstart: " + e);
            return ExitCode.NOT_AS_ASKED.code();
        }
    }

    private int bringUp(Layout layout) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean fresh = !Files.isDirectory(layout.machinery());
        if (fresh) {
            requireNoOtherHome(layout);
            Listeners.requireFree(Layout.addresses());
        }
        Optional<UnprivilegedUser> named = Optional.ofNullable(user).map(UnprivilegedUser::of);
        Path engine = ServerPackages.require(out);
        UnprivilegedUser runAs = named.orElseGet(() -> UnprivilegedUser.of(DEFAULT_USER));
        runAs.requireReachable(layout.directory());
        Files.createDirectories(layout.machinery());
        try (FileChannel channel = lock(layout)) {
            Machinery machinery = new Machinery(layout, runAs, engine, out);
            machinery.prepare();
            machinery.start();
            return new SampleCluster(layout, xlctl, out).show(fresh)
                    ? 0
                    : ExitCode.NOT_AS_ASKED.code();
        }
    }

    private int takeDown(Layout layout) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isDirectory(layout.machinery())) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "the quickstart made nothing in "
                            + layout.directory()
                            + ": name its directory with --dir");
        }
        try (FileChannel channel = lock(layout)) {
            new TakeDown(layout, out).run(Machinery.agents(layout), Machinery.zooKeeper(layout));
        }
        out.println("Nothing of it is left.");
        return ExitCode.DONE.code();
    }

    private static void requireNoOtherHome(Layout layout) {
        List<Path> present =
                layout.homeFiles().stream()
                        .filter(Files::exists)
                        .filter(file -> !file.getFileName().toString().equals("history"))
                        .toList();
        if (!present.isEmpty()) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    layout.directory()
                            + " is a home already, with "
                            + present.get(0).getFileName()
                            + ", and the quickstart did not make it: choose another directory with --dir");
        }
    }

    /** Held until the channel is closed. */
    private static FileChannel lock(Layout layout) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        layout.machinery().resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "another quickstart is at work in " + layout.directory() + ": wait for it");
        }
        return channel;
    }
}
