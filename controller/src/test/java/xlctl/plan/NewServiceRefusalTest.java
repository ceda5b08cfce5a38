package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.SwarmedCluster.DATANODE;
import static xlctl.plan.SwarmedCluster.add;
import static xlctl.plan.SwarmedCluster.on;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.operation.World;
import xlctl.swarm.SwarmNode;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;
import xlctl.topology.Problem;

/** What keeps the host of an added node from becoming a service. */
class NewServiceRefusalTest {
    private final SwarmedCluster cluster = SwarmedCluster.of(EngineKind.POSTGRESQL);

    @Test
    void withoutTheSettingAnUnregisteredHostIsRefused() {
        assertThat(cluster.reasons(new Command.AddNode(DATANODE)))
                .singleElement()
                .asString()
                .contains("host d1 is not registered");
    }

    @Test
    void nothingCanBeSaidOfAServiceThatIsThere() {
        cluster.runs("d1", "n1");

        assertThat(cluster.reasons(add(DATANODE, on("n1"))))
                .singleElement()
                .asString()
                .contains("service test_d1 is there already", "leave out --on");
    }

    @Test
    void nothingCanBeSaidOfWhereARegisteredHostRuns() {
        cluster.registered(Optional.of("test_d1"));

        assertThat(cluster.reasons(add(DATANODE, on("n1"))))
                .contains(
                        "host d1 is registered already, so nothing can be said of where it runs and"
                                + " what it publishes (leave out --on, --constraint and --publish)");
    }

    @Test
    void everyReasonIsSaidAtOnce() {
        SwarmedCluster plain = SwarmedCluster.of(EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);
        plain.strangersService("test_db.1");
        plain.volume("test_db.1");
        plain.present("db.1");
        ServiceWish wish =
                new ServiceWish(
                        Optional.of("m1"),
                        List.of("node.role==worker"),
                        Optional.of(new Port(6432)));
        Node node = World.node(NodeKind.DATANODE, "data_1", "db.1", 5432, "data");

        assertThat(plain.reasons(add(node, wish)))
                .containsExactly(
                        "db.1 can be no service: its name is made of several labels (choose one word,"
                                + " as in coord-m-1; for a machine: host accept db.1)",
                        "networks.cluster is not set, the network in which the agent of a service"
                                + " listens (it is fixed when the first node is added: only a new"
                                + " cluster can be made with it)",
                        "there is a service test_db.1 that is not of this cluster (choose another"
                                + " name for the host, or remove that service)",
                        "there is a volume test_db.1 already: it may hold the data of an earlier"
                                + " host db.1 (if nobody needs it: docker volume rm"
                                + " test_db.1)",
                        "an agent of a host db.1 is connected to ZooKeeper, and there is no"
                                + " service test_db.1 (if it is a machine: host accept db.1;"
                                + " if it is what remains of a removed service, try again in a"
                                + " moment)",
                        "data_1 is a datanode, which no client connects to (leave out --publish:"
                                + " coordinators are what clients reach)",
                        "--on and --constraint both say where db.1 is to run (give one of them;"
                                + " --on NODE is --constraint node.hostname==NODE)");
    }

    @Test
    void ofAReservedNameItIsAllThatIsSaid() {
        for (String host : List.of("zookeeper", "control")) {
            Node node = World.node(NodeKind.DATANODE, "data_1", host, 5432, "data");
            cluster.volume("test_" + host);

            assertThat(cluster.reasons(add(node, ServiceWish.ANYWHERE)))
                    .containsExactly(
                            host
                                    + " is no name for a member's host: the cluster's own service has"
                                    + " it (choose another name)");
        }
    }

    @Test
    void namesThatNoServiceCanHaveAreRefused() {
        for (String host : List.of("127.0.1.3", "db-1.example", "a_", "x".repeat(60))) {
            Node node = World.node(NodeKind.DATANODE, "data_1", host, 5432, "data");

            assertThat(cluster.reasons(add(node, ServiceWish.ANYWHERE)))
                    .as(host)
                    .singleElement()
                    .asString()
                    .contains("can be no service");
        }
    }

    @Test
    void anUnknownNodeIsRefusedWithNearNames() {
        cluster.ready("db-12");

        assertThat(cluster.reasons(add(DATANODE, on("db-13"))))
                .containsExactly(
                        "the Swarm has no node db-13: did you mean \"db-12\"? (its nodes are db-12,"
                                + " n1)");
    }

    @Test
    void nodesOfOneNameAreToldApartByTheirIds() {
        cluster.nodes().add(new SwarmNode("id-2", "n1", false, true, "ready active"));

        assertThat(cluster.reasons(add(DATANODE, on("n1"))))
                .containsExactly(
                        "several nodes of the Swarm are called n1 (give --constraint"
                                + " node.id==id-n1 or --constraint node.id==id-2)");
    }

    @Test
    void aNodeThatIsNotReadyIsRefused() {
        cluster.down("n2");

        assertThat(cluster.reasons(add(DATANODE, on("n2"))))
                .containsExactly(
                        "the Swarm's node n2 takes no services: it is down drain (bring it back, or"
                                + " choose another one)");
        cluster.nodes().remove(0);
        assertThat(cluster.reasons(add(DATANODE, ServiceWish.ANYWHERE)))
                .containsExactly(
                        "no node of the Swarm can take the service: n2 is down drain (see: docker"
                                + " node ls)");
    }

    @Test
    void whyDockerCannotBeUsedIsSaid() {
        cluster.unusable(Problem.of("Docker does not run", "start it"));

        assertThat(cluster.reasons(add(DATANODE, on("n9"))))
                .containsExactly("Docker does not run (start it)");
    }
}
