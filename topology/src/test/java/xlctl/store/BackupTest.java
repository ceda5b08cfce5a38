package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Topology;

class BackupTest {
    private static final ClusterName CLUSTER = new ClusterName("c1");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Backup BACKUP = Backup.of(CLUSTER, NOON, snapshot()).orElseThrow();

    @Test
    void whatIsReadIsWhatWasWritten() {
        assertThat(Backup.read(BACKUP.text(), "f", CLUSTER)).isEqualTo(BACKUP);
        assertThat(BACKUP.records().topologyVersion()).isEqualTo(12);
        assertThat(BACKUP.records().open()).containsExactly("31: stop all");
        assertThat(BACKUP.records().lastOperation()).isEqualTo(31);
    }

    @Test
    void anotherLayoutOfTheSameDocumentIsTheSame() {
        String lean = BACKUP.text().replaceAll("\\n *", "");

        assertThat(Backup.read(lean, "f", CLUSTER)).isEqualTo(BACKUP);
    }

    @Test
    void thereIsNothingToBackUpBeforeTheFirstNode() {
        Snapshot empty =
                new Snapshot(
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        new TreeMap<>());

        assertThat(Backup.of(CLUSTER, NOON, empty)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data_1", "2026-11-21T12:00:00", "127.0.1.3:7422", "\"generation\" : 1"})
    void aChangedWordIsDamage(String word) {
        String changed = word.substring(0, word.length() - 1) + "7";

        refused(BACKUP.text().replace(word, changed), "f is damaged", "another backup");
    }

    @Test
    void aFileThatEndsEarlyIsDamaged() {
        String text = BACKUP.text();

        refused(text.substring(0, text.length() / 2), "f is damaged");
        refused("", "f");
    }

    @Test
    void anythingElseIsNoBackup() {
        refused("{}", "no backup of xlctl");
        refused("cluster: c1", "no backup of xlctl");
    }

    @Test
    void aNewerFormatNamesTheNewerXlctl() {
        refused(
                BACKUP.text().replace("\"format\" : 2", "\"format\" : 3"),
                "format 3",
                "up to format 2",
                "newer xlctl");
    }

    @Test
    void theFileOfAnotherClusterIsRefusedByName() {
        assertThatThrownBy(() -> Backup.read(BACKUP.text(), "f", new ClusterName("c2")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("backup of cluster c1, not of c2");
    }

    @Test
    void noSecretShowsInItsWords() {
        String secret = BACKUP.records().secrets().superuser().reveal();

        assertThat(BACKUP.toString()).doesNotContain(secret);
        assertThat(BACKUP.text()).contains(secret);
    }

    private static void refused(String text, String... words) {
        assertThatThrownBy(() -> Backup.read(text, "f", CLUSTER))
                .isInstanceOf(InvalidValueException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    private static Snapshot snapshot() {
        InstanceName master = new InstanceName(new NodeName("data_1"), 1);
        Instance instance =
                new Instance(
                        master,
                        new HostName("127.0.1.3"),
                        new Port(5432),
                        Optional.empty(),
                        new Directory("data"),
                        Optional.empty());
        Topology topology =
                Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY)
                        .with(
                                new Node(
                                        master.node(),
                                        NodeKind.DATANODE,
                                        new OperatorFile("extra.conf", "work_mem = 1MB\n"),
                                        OperatorFile.NONE,
                                        List.of(instance)));
        OperationHeader open =
                new OperationHeader(
                        31,
                        "stop all",
                        "alice",
                        "db1",
                        NOON,
                        OperationHeader.State.RUNNING,
                        1,
                        Optional.empty(),
                        "");
        return new Snapshot(
                Optional.of(new Versioned<>(topology, 12)),
                Optional.of(new Versioned<>(Lineage.founded(), 0)),
                Map.of(
                        master.node(),
                        new Versioned<>(NodeState.first(master, NOON, "operation 3"), 0)),
                Map.of(
                        instance.host(),
                        new Versioned<>(
                                new HostRecord(
                                        instance.host(),
                                        HostPort.parse("127.0.1.3:7422"),
                                        "ssh-ed25519 AAAA",
                                        NOON),
                                0)),
                Optional.of(new Versioned<>(ClusterSecrets.generate(), 0)),
                new TreeMap<>(Map.of(31L, new Versioned<>(open, 1))));
    }
}
