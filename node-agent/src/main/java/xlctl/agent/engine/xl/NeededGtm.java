package xlctl.agent.engine.xl;

import java.util.List;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.EngineException;
import xlctl.topology.GtmAddress;
import xlctl.topology.Problem;

/** The GTM that all but the GTM itself need. */
final class NeededGtm {
    private NeededGtm() {}

    static GtmAddress of(InstanceSpec spec) throws EngineException {
        if (spec.gtm().isEmpty()) {
            throw new EngineException(missing(spec));
        }
        return spec.gtm().get();
    }

    /** That there is none; nothing when there is one. */
    static List<Problem> missing(InstanceSpec spec) {
        return spec.gtm().isPresent()
                ? List.of()
                : List.of(
                        Problem.of(
                                spec.instance().name() + " needs a GTM, and the cluster has none",
                                "add gtm master"));
    }
}
