package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.file.DurableFile;
import xlctl.topology.Directory;

/** Where data directories may lie, and how they are removed. */
final class DataDirectories {
    private static final String REMOVED = ".xlctl-removed-";

    private final List<Path> roots;

    DataDirectories(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    List<Path> roots() {
        return roots;
    }

    /** A relative directory is under the first root. No links are followed here. */
    Path absolute(Directory directory) {
        return roots.get(0).resolve(directory.value());
    }

    /** The path without symbolic links, as far as it exists already. */
    static Path real(Path path) throws IOException {
        Path existing = path;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    }

    /** The root that a real path lies in; a root itself is no data directory. */
    Optional<Path> rootOf(Path real) throws IOException {
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                Path realRoot = root.toRealPath();
                if (real.startsWith(realRoot) && !real.equals(realRoot)) {
                    return Optional.of(realRoot);
                }
            }
        }
        return Optional.empty();
    }

    static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /** Renames a directory aside, then deletes it, and what an earlier removal left. Idempotent. */
    static void remove(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.move(directory, freeNameBeside(directory));
                DurableFile.sync(directory.getParent());
            } catch (FileSystemException mountPoint) {
                for (Path entry : entries(directory)) {
                    DurableFile.deleteTree(entry);
                }
            }
        }
        Path parent = directory.getParent();
        if (Files.isDirectory(parent)) {
            for (Path entry : entries(parent)) {
                if (isRemoved(directory, entry)) {
                    DurableFile.deleteTree(entry);
                }
            }
        }
    }

    static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().collect(Collectors.toList());
        }
    }

    private static boolean isRemoved(Path directory, Path entry) {
        String prefix = directory.getFileName() + REMOVED;
        String name = entry.getFileName().toString();
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]+");
    }

    private static Path freeNameBeside(Path directory) {
        int number = 1;
        Path aside = directory.resolveSibling(directory.getFileName() + REMOVED + number);
        while (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            number++;
            aside = directory.resolveSibling(directory.getFileName() + REMOVED + number);
        }
        return aside;
    }
}
