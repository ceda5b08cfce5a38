package xlctl.agent.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import xlctl.agent.config.AgentConfig;
import xlctl.topology.ClusterName;

/** An agent's host side as a process of its own, to be killed. */
final class AgentProcess {
    private final Process process;

    private AgentProcess(Process process) {
        this.process = process;
    }

    static AgentProcess start(Path directory, ClusterName cluster, String address, String zooKeeper)
            throws IOException {
        return new AgentProcess(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                AgentProcess.class.getName(),
                                directory.toString(),
                                cluster.value(),
                                address,
                                zooKeeper)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("agent.log").toFile())
                        .start());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent's process does not end");
        }
    }

    /** Takes the directory, the cluster, the address and ZooKeeper's. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentConfig config =
                TestHost.config(
                        Path.of(arguments[0]),
                        new ClusterName(arguments[1]),
                        arguments[2],
                        arguments[3]);
        try (AgentHost host = new AgentHost(config, "test", "ssh-ed25519 AAAA")) {
            host.start();
            new CountDownLatch(1).await();
        }
    }
}
