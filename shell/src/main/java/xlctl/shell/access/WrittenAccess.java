package xlctl.shell.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.controller.ClientLogin;

/**
 * Which directories have client files that were written from this home, so that their passwords can
 * be replaced: the home itself, where a quickstart writes its own, and those in a list there.
 */
public final class WrittenAccess {
    private static final String LIST = "client-files";

    private final Path home;

    public WrittenAccess(Path home) {
        this.home = home;
    }

    /** Where the list is. */
    public static Path list(Path home) {
        return home.resolve(LIST);
    }

    /**
     * @param directory in which client files were written
     */
    public void remember(Path directory) throws IOException {
        Set<String> all = new LinkedHashSet<>(listed());
        if (all.add(directory.toAbsolutePath().normalize().toString())) {
            Files.createDirectories(home);
            replace(list(home), String.join("\n", all) + "\n");
        }
    }

    /**
     * What became of the password files that had another password.
     *
     * @param failed each with the reason
     */
    public record Renewed(List<Path> written, List<String> failed) {
        public Renewed {
            written = List.copyOf(written);
            failed = List.copyOf(failed);
        }
    }

    /** Puts the password of a login into every password file that has another one for its role. */
    public Renewed renew(ClientLogin login) {
        List<Path> written = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        String line = PrivateFiles.passwordLine(login.role(), login.password());
        String beginning = line.substring(0, line.lastIndexOf(':') + 1);
        for (Path file : passwordFiles(failed)) {
            try {
                String before = Files.readString(file);
                String after =
                        before.lines()
                                .map(each -> each.startsWith(beginning) ? line : each + "\n")
                                .collect(Collectors.joining());
                if (!after.equals(before)) {
                    replace(file, after);
                    written.add(file);
                }
            } catch (IOException e) {
                failed.add(file + ": " + e);
            }
        }
        return new Renewed(written, failed);
    }

    private List<Path> passwordFiles(List<String> failed) {
        try {
            return Stream.concat(Stream.of(home), listed().stream().map(Path::of))
                    .map(ClientFiles::passwordFile)
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (IOException e) {
            failed.add(list(home) + ": " + e);
            return List.of();
        }
    }

    private List<String> listed() throws IOException {
        return Files.exists(list(home)) ? Files.readAllLines(list(home)) : List.of();
    }

    /** As a whole, so that nobody reads the half of it. */
    private static void replace(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        PrivateFiles.create(beside, text);
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
