package xlctl.agent.engine.xl;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.process.ServerCommand;
import xlctl.topology.Problem;

/** The GTM and its proxies. */
final class GtmSoftware implements Software {
    GtmSoftware(Flavor flavor, Programs programs) {}

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        return List.of(Problem.of("a " + spec.kind() + " cannot be run yet", ""));
    }

    @Override
    public void initialise(Site site, Consumer<String> progress) throws EngineException {
        throw new EngineException(refusals(site.spec()));
    }

    @Override
    public ServerCommand command(Site site) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String lastWords(Site site) {
        return "";
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        return Optional.empty();
    }

    @Override
    public ServerLink link(Site site) {
        throw new UnsupportedOperationException();
    }
}
