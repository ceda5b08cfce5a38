package xlctl.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.ssh.AgentSshServer;
import xlctl.agent.ssh.AuthorizedKeys;
import xlctl.agent.ssh.HostKey;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.Port;
import xlctl.topology.Role;

/** The SSH server of a real agent, behind which one master always runs. */
final class SimulatedAgent {
    static final String VERSION = "simulated";

    private SimulatedAgent() {}

    /** It runs for as long as the process. */
    static HostRecord start(
            ClusterName cluster, Instance instance, Port port, Path state, Path authorizedKeys)
            throws IOException {
        HostPort listen = new HostPort(instance.host(), port);
        AgentConfig config =
                new AgentConfig(
                        cluster,
                        instance.host(),
                        listen,
                        Optional.empty(),
                        instance.host().value(),
                        state,
                        List.of(state),
                        EngineKind.POSTGRESQL,
                        Optional.empty(),
                        "127.0.0.1:2181",
                        state,
                        authorizedKeys,
                        AgentConfig.OnTerminate.KEEP,
                        Optional.empty(),
                        List.of());
        HostKey key = HostKey.loadOrCreate(state);
        Reply report = report(instance);
        var unused =
                AgentSshServer.start(
                        config,
                        listen,
                        VERSION,
                        key,
                        new AuthorizedKeys(authorizedKeys),
                        (request, progress) ->
                                request instanceof Request.Inspect
                                        ? report
                                        : Reply.Failed.refused("simulated", "ask a real agent"));
        return new HostRecord(instance.host(), listen, key.openSsh(), Instant.now());
    }

    private static Reply report(Instance instance) {
        return new Reply.HostReport(
                instance.host(),
                VERSION,
                new Reply.EngineReport(
                        EngineKind.POSTGRESQL, "/", Optional.of("simulated"), List.of()),
                List.of(new Reply.DataRoot("/", 1)),
                List.of(
                        new InstanceReport(
                                instance.name(),
                                InstanceReport.State.UP,
                                Optional.of(Role.MASTER),
                                Optional.of(1L),
                                Optional.of(ProcessHandle.current().pid()),
                                Instant.now(),
                                "",
                                List.of())),
                true,
                0,
                List.of());
    }
}
