package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.Signal;
import xlctl.topology.Problem;

/** What serves nodes of some kinds; each method as in {@link xlctl.agent.engine.Engine}. */
interface Software {
    List<Problem> refusals(InstanceSpec spec);

    void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException;

    ServerCommand command(Site site);

    Path dataMark(Site site);

    List<Path> lockFiles(Site site);

    default void clearRemains(Site site) throws IOException {}

    String lastWords(Site site);

    Optional<Long> claimedPid(Site site);

    Signal signal(StopMode mode);

    ServerLink link(Site site);
}
