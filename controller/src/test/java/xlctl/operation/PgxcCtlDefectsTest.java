package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.add;
import static xlctl.operation.World.node;
import static xlctl.operation.World.remove;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.session.FakeHost;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Topology;

/**
 * What pgxc_ctl's operations did wrong and these do not; the numbers are
 * docs/pgxc_ctl-defects.md's.
 */
class PgxcCtlDefectsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h1", 5433);
    private static final String SHARED = "data/same";

    private World world = new World("h1", "h2", "h3");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("D10: what is erased is erased on its own host, whatever others call theirs")
    void erasesOnTheHostOfTheMemberOnly() {
        world.with(GTM, COORDINATOR, datanode("data_1", "h2"), datanode("data_2", "h3"));

        assertThat(run(remove(NodeKind.DATANODE, "data_2", Disposal.ERASE)).end())
                .isEqualTo(Outcome.End.DONE);

        assertThat(world.agents().requests(Request.Discard.class))
                .singleElement()
                .satisfies(
                        discard -> {
                            assertThat(discard.instance().node()).hasToString("data_2");
                            assertThat(discard.disposal()).isEqualTo(Disposal.ERASE);
                        });
        assertThat(host("h3").instances()).isEmpty();
        assertThat(host("h2").instances()).hasSize(1);
    }

    @Test
    @DisplayName("D13: nothing is erased before its server has ended")
    void erasesNothingWhoseServerDoesNotEnd() {
        world.with(GTM, COORDINATOR, datanode("data_1", "h2"), datanode("data_2", "h3"));
        host("h3").failing(Request.Stop.class);

        assertThat(run(remove(NodeKind.DATANODE, "data_2", Disposal.ERASE)).end())
                .isEqualTo(Outcome.End.FAILED);

        assertThat(world.agents().requests(Request.Discard.class)).isEmpty();
        assertThat(world.openOperations()).hasSize(1);
    }

    @Test
    @DisplayName("D14: a removed node leaves no placeholder behind")
    void leavesNothingOfARemovedNode() {
        world.with(GTM, COORDINATOR, datanode("data_1", "h2"));
        World.Picture before = world.picture();
        world.with(datanode("data_2", "h3"));

        run(remove(NodeKind.DATANODE, "data_2", Disposal.ERASE));

        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    @DisplayName("D16: a datanode with tables stays, and every host forgets one without them")
    void keepsADatanodeWithTablesAndLetsEveryHostForgetOneWithout() {
        world.with(GTM, COORDINATOR, datanode("data_1", "h2"), datanode("data_2", "h3"));
        host("h3").withTables("data_2", List.of("postgres.public.orders"));
        Command removal = remove(NodeKind.DATANODE, "data_2", Disposal.KEEP);

        Outcome refused = run(removal);

        assertThat(refused.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(refused.problems().toString()).contains("postgres.public.orders");
        host("h3").withTables("data_2", List.of());
        assertThat(run(removal).end()).isEqualTo(Outcome.End.DONE);
        int version = world.store().topology().map(Versioned::version).orElseThrow();
        assertThat(List.of("h1", "h2")).allMatch(name -> host(name).applied() == version);
    }

    @Test
    @DisplayName("D18: a GTM is not replaced by another")
    void refusesASecondGtm() {
        world.with(GTM, COORDINATOR);
        World.Picture before = world.picture();

        Outcome outcome = run(add(NodeKind.GTM, "gtm_2", "h3"));

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString()).contains("the cluster has a GTM, gtm_1");
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    @DisplayName("D19: the directory of a GTM proxy goes after its server")
    void stopsAProxyBeforeItIsErased() {
        world.close();
        world = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3");
        world.with(GTM, add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));
        host("h3").failing(Request.Stop.class);

        Outcome outcome = run(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE));

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(world.agents().requests(Request.Discard.class)).isEmpty();
        assertThat(host("h3").instances()).hasSize(1);
    }

    @Test
    @DisplayName("D26: hosts are those of the topology as it is now")
    void knowsTheHostsOfTheTopologyAsItIs() {
        world.with(GTM, COORDINATOR);
        assertThat(hosts()).containsExactlyInAnyOrder(new HostName("h1"));

        world.with(datanode("data_1", "h2"));
        assertThat(hosts()).containsExactlyInAnyOrder(new HostName("h1"), new HostName("h2"));

        run(remove(NodeKind.DATANODE, "data_1", Disposal.KEEP));
        assertThat(hosts()).containsExactly(new HostName("h1"));
    }

    private Iterable<HostName> hosts() {
        return world.store().topology().map(Versioned::value).map(Topology::hosts).orElseThrow();
    }

    private FakeHost host(String name) {
        return world.agents().host(name);
    }

    /** Each host has its own directory of the same name. */
    private static Command datanode(String name, String host) {
        Node node = node(NodeKind.DATANODE, name, host, 5432, SHARED);
        assertThat(node.name()).isEqualTo(new NodeName(name));
        return new Command.AddNode(node);
    }

    private Outcome run(Command command) {
        return world.controller().run(List.of(command), World.QUIET, new Cancellation()).get(0);
    }
}
