package xlctl.shell.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import xlctl.controller.ExitCode;
import xlctl.topology.EngineKind;

/** A whole cluster on this machine, or an end to it. */
public final class Quickstart {
    /** Who agents and servers run as when root does not say otherwise: Debian's own. */
    public static final String DEFAULT_USER = "postgres";

    private final Layout layout;
    private final Optional<String> user;
    private final Optional<Software> asked;
    private final ToIntFunction<String[]> xlctl;
    private final PrintWriter out;

    /**
     * @param directory where all of it lies, and the home of the shell
     * @param user who agents and servers run as when root runs this
     * @param engine the server software; the one that is there, or else PostgreSQL, when empty
     * @param engineHome the directory whose {@code bin} has the engine's programs
     * @param xlctl runs xlctl with arguments, and answers its exit code
     */
    public Quickstart(
            Path directory,
            Optional<String> user,
            Optional<EngineKind> engine,
            Optional<Path> engineHome,
            ToIntFunction<String[]> xlctl,
            PrintWriter out) {
        this.layout = new Layout(directory);
        this.user = user;
        this.asked =
                engine.isEmpty() && engineHome.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Software.asked(engine.orElse(EngineKind.POSTGRESQL), engineHome));
        this.xlctl = xlctl;
        this.out = out;
    }

    /**
     * Makes it, or starts what does not run of it.
     *
     * @return whether all of it runs
     * @throws QuickstartException why it cannot be
     */
    @SuppressWarnings("try") // The channel is only held: it is the lock.
    public ExitCode up() throws IOException {
        boolean fresh = !Files.isDirectory(layout.machinery());
        if (fresh) {
            requireNoOtherHome();
        }
        Software software = Software.choose(layout, asked);
        if (fresh) {
            requireShortEnough(software.kind());
            Listeners.requireFree(Layout.addresses());
        }
        Optional<UnprivilegedUser> named = user.map(UnprivilegedUser::of);
        Optional<Path> packaged =
                software.equals(Software.PACKAGED)
                        ? Optional.of(ServerPackages.require(out))
                        : Optional.empty();
        UnprivilegedUser runAs = named.orElseGet(() -> UnprivilegedUser.of(DEFAULT_USER));
        Path engine = packaged.orElseGet(() -> software.require(runAs));
        runAs.requireReachable(layout.directory(), "--dir");
        runAs.makeDirectories(layout.machinery());
        try (FileChannel channel = lock()) {
            Machinery machinery = new Machinery(layout, runAs, software.kind(), engine, out);
            machinery.prepare();
            machinery.start();
            return new SampleCluster(layout, software, xlctl, out).show()
                    ? ExitCode.DONE
                    : ExitCode.NOT_AS_ASKED;
        }
    }

    /** Stops and removes what the quickstart made, and nothing else. */
    @SuppressWarnings("try") // The channel is only held: it is the lock.
    public ExitCode down() throws IOException {
        if (!Files.isDirectory(layout.machinery())) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    "the quickstart made nothing in "
                            + layout.directory()
                            + ": name its directory with --dir");
        }
        try (FileChannel channel = lock()) {
            new TakeDown(layout, out).run(Machinery.agents(layout), Machinery.zooKeeper(layout));
        }
        out.println("Nothing of it is left.");
        return ExitCode.DONE;
    }

    /** A local socket's path has room for 107 bytes, see unix(7). */
    private void requireShortEnough(EngineKind engine) {
        int tooMany =
                layout.socket(engine).toString().getBytes(StandardCharsets.UTF_8).length - 107;
        if (tooMany > 0) {
            throw new QuickstartException(
                    ExitCode.REFUSED,
                    layout.directory()
                            + " is too long for the servers' local sockets, by "
                            + tooMany
                            + " bytes: choose a shorter directory with --dir");
        }
    }

    private void requireNoOtherHome() {
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
    private FileChannel lock() throws IOException {
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
