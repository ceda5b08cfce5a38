package xlctl.agent.engine.postgresql.sql;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one cluster that their classes share. It is made when the first asks for it. */
final class SharedSqlCluster implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedSqlCluster.class);

    private record Kept(SqlCluster cluster, Path directory) implements AutoCloseable {
        static Kept make() {
            try {
                Path directory = Files.createTempDirectory("xlctl-sql");
                return new Kept(SqlCluster.start(directory), directory);
            } catch (Exception e) {
                throw new IllegalStateException("the cluster could not be made", e);
            }
        }

        @Override
        public void close() throws IOException {
            cluster.close();
            Files.walkFileTree(directory, new Removal());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SqlCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Kept.class, key -> Kept.make(), Kept.class)
                .cluster();
    }
}
