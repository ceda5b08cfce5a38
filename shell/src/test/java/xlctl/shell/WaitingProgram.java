package xlctl.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.topology.NodeKind;

/** xlctl with a cluster whose changes take until they are cancelled. */
final class WaitingProgram {
    private WaitingProgram() {}

    public static void main(String[] arguments) {
        FakeCluster cluster = new FakeCluster();
        cluster.view = Clusters.of(Clusters.up(NodeKind.GTM, "gtm_m_1", "h"));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        CountDownLatch waiting = new CountDownLatch(1);
        cluster.waitForCancel = Optional.of(waiting);
        Thread announcer =
                new Thread(
                        () -> {
                            try {
                                waiting.await();
                                out.println("waiting");
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        announcer.setDaemon(true);
        announcer.start();
        Interruption interruption = new Interruption();
        int exit =
                new Program(
                                Map.of("XLCTL_CLUSTER", "c", "XLCTL_HOME", "/nonexistent"),
                                InputStream.nullInputStream(),
                                out,
                                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                                false,
                                settings -> cluster,
                                interruption)
                        .run(arguments);
        System.exit(interruption.finished(exit));
    }
}
