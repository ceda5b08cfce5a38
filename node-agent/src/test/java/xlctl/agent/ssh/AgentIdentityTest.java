package xlctl.agent.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;

class AgentIdentityTest {
    private final AgentIdentity agent =
            new AgentIdentity("1.2", new ClusterName("c1"), new HostName("db-1"));

    @ParameterizedTest(name = "agent {0} to {1}, shell {2} to {3}: {4}")
    @CsvSource({
        "4, 4, 4, 4, 4",
        "4, 6, 4, 6, 6",
        "4, 6, 4, 5, 5",
        "4, 5, 4, 6, 5",
        "3, 5, 5, 7, 5",
        "5, 7, 3, 5, 5",
        "3, 9, 5, 6, 6",
        "5, 6, 3, 9, 6"
    })
    void speaksTheNewestVersionThatBothKnow(
            int oldest, int newest, int shellsOldest, int shellsNewest, int chosen) {
        Reply reply =
                agent.greet(new Request.Hello(shellsOldest, shellsNewest, "shell"), oldest, newest);

        assertThat(reply)
                .isEqualTo(
                        new Reply.Welcome(
                                chosen, "1.2", new ClusterName("c1"), new HostName("db-1")));
    }

    @ParameterizedTest
    @CsvSource({"4, 4, 5, 6, version 4, versions 5 to 6", "5, 6, 4, 4, versions 5 to 6, version 4"})
    void refusesWithBothRangesWhenNoneIsShared(
            int oldest, int newest, int shellsOldest, int shellsNewest, String own, String other) {
        Reply reply =
                agent.greet(new Request.Hello(shellsOldest, shellsNewest, "shell"), oldest, newest);

        assertThat(reply)
                .isEqualTo(
                        Reply.Failed.refused(
                                "the agent on db-1 (xlctl 1.2) speaks protocol "
                                        + own
                                        + ", the caller "
                                        + other,
                                "bring the agent and the shell to releases that share a version"));
    }
}
