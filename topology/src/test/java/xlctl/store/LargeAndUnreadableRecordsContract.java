package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.store.SampleRecords.instance;
import static xlctl.store.SampleRecords.operation;
import static xlctl.store.SampleRecords.report;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Lifetime;
import xlctl.topology.InstanceReport;
import xlctl.topology.Topology;

/**
 * What a {@link ClusterStore} makes of large records and of such that it cannot read, over every
 * tree.
 */
abstract class LargeAndUnreadableRecordsContract {
    private ClusterStore store;

    abstract RecordTrees trees();

    @BeforeEach
    void prepare() {
        store = open(Party.CONTROLLER);
        store.prepare();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 199_999, 200_000, 200_001, 600_000})
    void keepsPlansOfAnySize(int size) {
        byte[] plan = new byte[size];
        new Random(size).nextBytes(plan);
        OperationHeader header = operation(7);

        store.change().createOperation(header, plan, 3).commit();

        assertThat(store.plan(7)).isEqualTo(plan);
        assertThat(store.operation(7)).contains(new Versioned<>(header, 0));
        assertThat(store.steps(7))
                .containsExactly(
                        Map.entry(0, new Versioned<>(StepRecord.pending(0), 0)),
                        Map.entry(1, new Versioned<>(StepRecord.pending(1), 0)),
                        Map.entry(2, new Versioned<>(StepRecord.pending(2), 0)));
    }

    @Test
    void keepsALargePlanOfManySteps() {
        byte[] plan = new byte[500_000];

        store.change().createOperation(operation(8), plan, 800).commit();

        assertThat(store.plan(8)).isEqualTo(plan);
        assertThat(store.steps(8)).hasSize(800);
        store.change().deleteOperation(8, 0).commit();
        assertThat(store.operations()).isEmpty();
    }

    @Test
    void holdsAThousandInstances() {
        Topology large = topology(1000);
        store.change().createTopology(large).commit();

        Versioned<Topology> read = store.topology().orElseThrow();
        assertThat(read.value()).isEqualTo(large);
        assertThat(
                        store.tree()
                                .read("/xlctl/" + trees().cluster() + "/topology")
                                .orElseThrow()
                                .value())
                .hasSizeLessThan(1_000_000);
        store.change().replaceTopology(large, read.version()).commit();
    }

    @Test
    void readsTheReportsOfAThousandInstances() {
        ClusterStore agent = open(Party.AGENT);
        for (int from = 1; from <= 1000; from += 100) {
            Change change = agent.change();
            for (int number = from; number < from + 100; number++) {
                change.createInstance(report(number, InstanceReport.State.UP));
            }
            change.commit();
        }

        assertThat(store.instances()).hasSize(1000);
        assertThat(store.instances().get(instance(1000).name()).value())
                .isEqualTo(report(1000, InstanceReport.State.UP));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | does not start with",
                "garbage | does not start with",
                "'{}' | does not start with",
                "'xlctl 1 no-mark\n{}' | does not start with",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n{\"cluster' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n{}' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\nnull' | null",
                "'xlctl 3 00000000-0000-0000-0000-000000000000\n{}' | has format 3, this program",
            })
    void neverTakesAnUnreadableRecordForAnAbsentOne(String found, String message) {
        String path = "/xlctl/" + trees().cluster() + "/topology";
        store.tree()
                .write(
                        List.of(
                                new Create(
                                        path,
                                        found.getBytes(UTF_8),
                                        Lifetime.PERSISTENT,
                                        Access.CLUSTER)));

        assertThatThrownBy(store::topology)
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining(path)
                .hasMessageContaining(message);
        assertStale(() -> store.change().createTopology(topology(1)).commit());
        assertThat(new String(store.tree().read(path).orElseThrow().value(), UTF_8))
                .isEqualTo(found);
    }

    @Test
    void namesAChildThatIsNoRecordOfOurs() {
        String path = "/xlctl/" + trees().cluster() + "/nodes/not a node";
        store.tree()
                .write(List.of(new Create(path, new byte[0], Lifetime.PERSISTENT, Access.CLUSTER)));

        assertThatThrownBy(store::nodeStates)
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining(path);
    }

    private ClusterStore open(Party party) {
        return new ClusterStore(trees().connect(party), trees().cluster());
    }

    private static void assertStale(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(StoreException.Stale.class);
    }

    private Topology topology(int instances) {
        return SampleRecords.topology(trees().cluster(), instances);
    }
}
