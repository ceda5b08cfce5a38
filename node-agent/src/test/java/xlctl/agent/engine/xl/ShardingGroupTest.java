package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Port;

/** What servers of OpenTenBase are told of the group of datanodes and of the GTM. */
class ShardingGroupTest {
    private static final ShardingGroup NONE = new ShardingGroup("", List.of(), false);
    private static final ShardingGroup OF_ONE =
            new ShardingGroup("default_group", List.of("data_1"), true);
    private static final List<String> TWO = List.of("data_1", "data_2");

    @Test
    void isMadeWithTheFirstDatanodes() {
        assertThat(NONE.mustChange(TWO, false)).isTrue();
        assertThat(NONE.unmaking()).isEmpty();
        assertThat(ShardingGroup.making(TWO))
                .containsExactly(
                        "CREATE DEFAULT NODE GROUP default_group WITH (\"data_1\", \"data_2\")",
                        "CREATE SHARDING GROUP TO GROUP default_group");
    }

    @Test
    void isNoneWithoutDatanodes() {
        assertThat(NONE.mustChange(List.of(), true)).isFalse();
        assertThat(ShardingGroup.making(List.of())).isEmpty();
    }

    @Test
    void isMadeAnewWhenDatanodesComeOrGo() {
        assertThat(OF_ONE.mustChange(TWO, true)).isTrue();
        assertThat(OF_ONE.unmaking())
                .containsExactly(
                        "DROP SHARDING IN GROUP \"default_group\"",
                        "DROP NODE GROUP \"default_group\"");
    }

    @Test
    void staysAsItIsWhileTheyStayTheSame() {
        assertThat(OF_ONE.mustChange(TWO, false)).isFalse();
        assertThat(OF_ONE.mustChange(List.of("data_1"), true)).isFalse();
        assertThat(OF_ONE.completing()).isEmpty();
    }

    @Test
    void getsItsShardsWhereADumpBroughtItWithout() {
        assertThat(new ShardingGroup("default_group", TWO, false).completing())
                .containsExactly("CREATE SHARDING GROUP TO GROUP \"default_group\"");
        assertThat(new ShardingGroup("default_group", TWO, false).unmaking())
                .containsExactly("DROP NODE GROUP \"default_group\"");
    }

    @Test
    void theGtmIsFollowedWhereverItGoes() {
        GtmRow wanted =
                GtmRow.of(
                        new GtmAddress(
                                new NodeName("gtm_1"),
                                new HostPort(new HostName("10.0.0.1"), new Port(6666)),
                                Optional.empty()));

        assertThat(wanted.statements(Optional.of(new GtmRow("gtm_1", "10.0.0.1", 6666)))).isEmpty();
        assertThat(wanted.statements(Optional.of(new GtmRow("gtm_1", "10.0.0.2", 6666))))
                .containsExactly("ALTER GTM NODE \"gtm_1\" WITH (HOST = '10.0.0.1', PORT = 6666)");
        assertThat(wanted.statements(Optional.of(new GtmRow("old", "10.0.0.2", 6666))))
                .containsExactly(
                        "DROP GTM NODE \"old\"",
                        "CREATE GTM NODE \"gtm_1\" WITH (HOST = '10.0.0.1', PORT = 6666, PRIMARY)");
    }
}
