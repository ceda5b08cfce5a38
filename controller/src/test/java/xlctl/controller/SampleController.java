package xlctl.controller;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.operation.World;
import xlctl.store.ClusterStore;
import xlctl.swarm.InMemoryServices;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.NodeName;

/** A controller of a {@link World}: everything but the servers is as it will be. */
public final class SampleController {
    private SampleController() {}

    public static Controller of(World world) {
        return new Controller(
                new ClusterStore(world.session(), World.CLUSTER),
                world.agents(),
                new InMemoryServices(World.CLUSTER),
                new ControllerSettings(
                        World.CLUSTER,
                        "zookeeper:2181",
                        Path.of("identity"),
                        Path.of("key"),
                        EngineKind.POSTGRESQL,
                        Networks.HOSTS_ONLY,
                        Map.of(),
                        new SwarmSettings(
                                false,
                                "xlctl:test",
                                ServiceSpec.Limits.NONE,
                                Duration.ofSeconds(60)),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(10),
                        Duration.ZERO),
                Clock.systemUTC());
    }

    /** Stops the server of a node, as an operator does. */
    public static void stop(World world, String node) {
        try (Controller controller = of(world)) {
            Target target =
                    new Target(Optional.empty(), Optional.empty(), List.of(new NodeName(node)));
            controller.run(
                    List.of(new Command.Stop(target, StopMode.FAST)),
                    (operation, name, text) -> {});
        }
    }
}
