package xlctl.agent.ssh;

import static java.util.Objects.requireNonNull;

import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;

/** Who answers here, and in which versions of the protocol. */
record AgentIdentity(String version, ClusterName cluster, HostName host) {
    AgentIdentity {
        requireNonNull(version, "version is null");
        requireNonNull(cluster, "cluster is null");
        requireNonNull(host, "host is null");
    }

    /** In the newest version that both sides speak. */
    Reply greet(Request.Hello hello) {
        return greet(hello, Protocol.OLDEST, Protocol.NEWEST);
    }

    Reply greet(Request.Hello hello, int oldest, int newest) {
        int chosen = Math.min(newest, hello.newestProtocol());
        if (chosen < Math.max(oldest, hello.oldestProtocol())) {
            return Reply.Failed.refused(
                    "the agent on "
                            + host
                            + " (xlctl "
                            + version
                            + ") speaks protocol "
                            + range(oldest, newest)
                            + ", the caller "
                            + range(hello.oldestProtocol(), hello.newestProtocol()),
                    "bring the agent and the shell to releases that share a version");
        }
        return new Reply.Welcome(chosen, version, cluster, host);
    }

    private static String range(int oldest, int newest) {
        return oldest == newest ? "version " + oldest : "versions " + oldest + " to " + newest;
    }
}
