package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.up;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Problem;

/** Servers that would not take new passwords, and would then not take the old ones back either. */
class PasswordsPlannerTest {
    private static final Command ROTATE = new Command.RotatePasswords();
    private static final Problem IN_USE = Problem.of("data_2 cannot be dropped", "drop what is");
    private static final Problem NO_LINE = Problem.of("line 9 is not understood", "correct it");
    private static final Problem CROWDED = Problem.of("too many connections", "end some");

    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @BeforeEach
    void haveMembers() {
        cluster.have(GTM, COORDINATOR, DATANODE);
    }

    @Test
    void areNamedWithEverythingThatIsInTheirWay() {
        cluster.answering(saying("h2", List.of(IN_USE, NO_LINE), Optional.of(List.of(NO_LINE))));
        cluster.answering(saying("h3", List.of(CROWDED), Optional.of(List.of(CROWDED))));

        assertThat(cluster.reasons(ROTATE))
                .containsExactly(
                        "host h2: line 9 is not understood (correct it)",
                        "host h3: too many connections (end some)");
    }

    @Test
    void areThoseThatShouldRunAndAreDownOrHang() {
        cluster.answering(cluster.report("h2", in(State.SILENT, "coord_1.1", "recovers")));
        cluster.answering(cluster.report("h3", in(State.DOWN, "data_1.1", "")));

        assertThat(cluster.reasons(ROTATE))
                .containsExactly(
                        "coord_1.1 on h2 should run and does not answer: recovers (see that it comes"
                                + " up, or stop coord_1: it takes the passwords when it is started)",
                        "data_1.1 on h3 should run and does not answer (see that it comes up, or"
                                + " stop data_1: it takes the passwords when it is started)");
    }

    @Test
    void areNotThoseThatUsersOrTimeStillHaveToDoWithNorThoseThatWereStopped() {
        cluster.answering(saying("h2", List.of(IN_USE), Optional.of(List.of())));
        cluster.answering(cluster.report("h3", in(State.STOPPED, "data_1.1", "")));

        cluster.planOf(ROTATE);
    }

    @Test
    void areNotKnownToBeAmongThoseOfAnOlderAgent() {
        cluster.answering(saying("h2", List.of(NO_LINE), Optional.empty()));

        cluster.planOf(ROTATE);
    }

    private Reply.HostReport saying(
            String host, List<Problem> problems, Optional<List<Problem>> obstacles) {
        Reply.HostReport plain = cluster.report(host, up("coord_1.1"));
        return new Reply.HostReport(
                plain.host(),
                plain.agentVersion(),
                plain.engine(),
                plain.dataRoots(),
                plain.instances(),
                plain.storeConnected(),
                plain.appliedTopology(),
                problems,
                plain.certificateUntil(),
                obstacles,
                Optional.empty());
    }

    private static InstanceReport in(State state, String instance, String why) {
        return new InstanceReport(
                InstanceName.parse(instance),
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                why,
                List.of());
    }
}
