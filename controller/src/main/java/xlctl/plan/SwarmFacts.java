package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.swarm.SwarmSettings;
import xlctl.swarm.SwarmView;

/**
 * What plans that make or remove services are made from.
 *
 * @param zooKeeper the connect string
 * @param looked what is there; empty where no command may need it
 */
public record SwarmFacts(SwarmSettings settings, String zooKeeper, Optional<SwarmView> looked) {
    public SwarmFacts {
        requireNonNull(settings, "settings is null");
        requireNonNull(zooKeeper, "zooKeeper is null");
        requireNonNull(looked, "looked is null");
    }

    SwarmFacts with(SwarmView.Member member) {
        return new SwarmFacts(settings, zooKeeper, looked.map(view -> view.with(member)));
    }
}
