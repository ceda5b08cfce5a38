package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import xlctl.store.IdentityFile;
import xlctl.store.RecordTree;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperRecordTree;

/** Prints every record of a ZooKeeper; a program, because it runs in a network of its own. */
final class RecordsDump {
    private RecordsDump() {}

    /**
     * @param arguments the servers, the identity file of the controller, and below which path
     */
    public static void main(String[] arguments) {
        try (RecordTree tree =
                ZooKeeperRecordTree.connect(
                        arguments[0],
                        IdentityFile.read(Path.of(arguments[1])),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10))) {
            print(tree, arguments[2]);
        }
    }

    private static void print(RecordTree tree, String path) {
        for (Map.Entry<String, Versioned<byte[]>> child : tree.children(path).entrySet()) {
            String below = path + "/" + child.getKey();
            System.out.println(
                    below + " = " + new String(child.getValue().value(), UTF_8).replace('\n', ' '));
            print(tree, below);
        }
    }
}
