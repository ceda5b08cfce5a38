package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Logins;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;

/** Records as the releases before wrote them. */
class OlderRecordsTest {
    @Test
    void aHostThatWasRegisteredBeforePlacesWereKnownHasNone() {
        HostRecord host =
                read(
                        "{\"host\":\"db-1\",\"agent\":\"db-1:7422\",\"hostKey\":\"ssh-ed25519 AAAA\","
                                + "\"since\":\"2026-11-21T03:04:05Z\"}",
                        HostRecord.class);

        assertThat(host.host().value()).isEqualTo("db-1");
        assertThat(host.place()).isEmpty();
    }

    @Test
    void aNodeOfFormatOneHasTheLinesOfItsFilesWithoutTheirNames() {
        Node node =
                read(
                        "{\"name\":\"data_m_1\",\"kind\":\"DATANODE\","
                                + "\"configuration\":\"work_mem = 8MB\\n\",\"hba\":\"\","
                                + "\"instances\":[{\"name\":\"data_m_1.1\",\"host\":\"db-1\","
                                + "\"port\":5432,\"directory\":\"data\"}]}",
                        Node.class);

        assertThat(node.configuration()).isEqualTo(OperatorFile.ofUnknownName("work_mem = 8MB\n"));
        assertThat(node.configuration().text()).isEqualTo("work_mem = 8MB\n");
        assertThat(node.hba()).isEqualTo(OperatorFile.NONE);
    }

    @Test
    void theAgentOfAnOlderReleaseSaysNoPlace() {
        Presence presence =
                read(
                        "{\"host\":\"db-1\",\"agentVersion\":\"0.1.0\",\"agent\":\"db-1:7422\","
                                + "\"hostKey\":\"ssh-ed25519 AAAA\",\"appliedTopology\":3,"
                                + "\"problems\":[],\"since\":\"2026-11-21T03:04:05Z\"}",
                        Presence.class);

        assertThat(presence.appliedTopology()).isEqualTo(3);
        assertThat(presence.place()).isEmpty();
    }

    @Test
    void passwordsThatWereNeverReplacedAreThoseOfTheFirstRoles() {
        ClusterSecrets secrets =
                read(
                        "{\"superuser\":\"a\",\"internal\":\"b\",\"monitor\":\"c\","
                                + "\"client\":\"d\",\"authority\":null}",
                        ClusterSecrets.class);

        assertThat(secrets.logins()).isEqualTo(Logins.FIRST);
        assertThat(secrets.next()).isEmpty();
        assertThat(secrets.internal().reveal()).isEqualTo("b");
    }

    @Test
    void whatANewerAgentSaysMoreOfItselfKeepsNobodyFromWorking() {
        Presence presence =
                read(
                        "{\"host\":\"db-1\",\"agentVersion\":\"9.0.0\",\"agent\":\"db-1:7422\","
                                + "\"hostKey\":\"ssh-ed25519 AAAA\",\"appliedTopology\":3,"
                                + "\"problems\":[],\"since\":\"2026-11-21T03:04:05Z\","
                                + "\"mood\":{\"kind\":\"serene\"}}",
                        Presence.class);

        assertThat(presence.agentVersion()).isEqualTo("9.0.0");
    }

    @Test
    void anOlderProgramReadsEverythingButTopologiesAndPlans() {
        assertThat(head(SampleRecords.report(InstanceReport.State.UP))).startsWith("xlctl 1 ");
        assertThat(
                        head(
                                new NodeState(
                                        new InstanceName(new NodeName("data_m_1"), 1),
                                        1,
                                        NodeState.Phase.STABLE,
                                        SampleRecords.NOW,
                                        "")))
                .startsWith("xlctl 1 ");
        assertThat(head(SampleRecords.topology(new ClusterName("c1"), 1))).startsWith("xlctl 2 ");
        assertThat(new String(RecordCodec.frame(new byte[0]), UTF_8)).startsWith("xlctl 2 ");
    }

    private static String head(Object record) {
        return new String(RecordCodec.encode(record), UTF_8).lines().findFirst().orElseThrow();
    }

    @Test
    void whatANewerShellSaysMoreOfAHostIsNotPassedOver() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "{\"host\":\"db-1\",\"agent\":\"db-1:7422\","
                                                + "\"hostKey\":\"ssh-ed25519 AAAA\","
                                                + "\"since\":\"2026-11-21T03:04:05Z\","
                                                + "\"revoked\":true}",
                                        HostRecord.class))
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining("/hosts/db-1")
                .hasMessageContaining("revoked")
                .hasMessageContaining("newer xlctl");
    }

    private static <T> T read(String json, Class<T> type) {
        return RecordCodec.decode(RecordCodec.frame(json.getBytes(UTF_8)), type, "/hosts/db-1");
    }
}
