package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.record;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.operation.World;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;

/** A host that nobody needs any more goes off the list. */
class ForgetHostPlannerTest {
    private static final Command FORGET = new Command.ForgetHost(new HostName("h3"));

    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @Test
    void aHostWithoutMembersWhoseAgentIsSilentIsForgotten() {
        cluster.have(GTM, COORDINATOR);
        cluster.silent("h3", Optional.empty());

        assertThat(cluster.planOf(FORGET).steps())
                .extracting(Step::action)
                .containsExactly(
                        new Action.UnregisterHost(new HostName("h3"), Optional.of(Instant.EPOCH)));
    }

    @Test
    void anAgentThatAnswersWouldOfferItAnew() {
        cluster.have(GTM);

        assertThat(cluster.reasons(FORGET))
                .containsExactly(
                        "host h3 is there: its agent answers (end its agent first, which would"
                                + " offer it anew)");
    }

    @Test
    void soWouldOneThatIsConnectedToZooKeeper() {
        cluster.have(GTM);
        cluster.host(
                new HostView(
                        new HostName("h3"),
                        Optional.of(record("h3", Optional.empty(), Optional.empty())),
                        Optional.of(World.presence("h3", Optional.empty())),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(cluster.reasons(FORGET))
                .singleElement()
                .asString()
                .contains("its agent is connected to ZooKeeper");
    }

    @Test
    void itsMembersAreNamed() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        cluster.silent("h3", Optional.empty());

        assertThat(cluster.reasons(FORGET))
                .containsExactly(
                        "host h3 has members: data_1 (remove them first, with --lost where the host"
                                + " is gone for good)");
    }

    @Test
    void aHostThatIsNotRegisteredCannotBeForgotten() {
        cluster.have(GTM);

        assertThat(cluster.reasons(new Command.ForgetHost(new HostName("h9"))))
                .containsExactly("host h9 is not registered (see which are: host list)");
    }
}
