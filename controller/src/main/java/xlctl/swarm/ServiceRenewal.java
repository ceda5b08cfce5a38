package xlctl.swarm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a service that is there becomes as it is to be. Pure. */
final class ServiceRenewal {
    private ServiceRenewal() {}

    /**
     * @return {@code was} where there is nothing to be changed, else with the image, limits, stop
     *     grace and settings of the Swarm of {@code wanted}; other variables stay, and missing ones
     *     are added
     */
    static ServiceSpec of(ServiceSpec was, ServiceSpec wanted) {
        Map<String, ServiceSpec.Variable> variables = new LinkedHashMap<>();
        was.environment().stream()
                .filter(variable -> !ofSwarm(variable))
                .forEach(variable -> variables.put(variable.name(), variable));
        wanted.environment().stream()
                .filter(variable -> ofSwarm(variable) || !variables.containsKey(variable.name()))
                .forEach(variable -> variables.put(variable.name(), variable));
        boolean sameLimits = Amounts.same(was.limits(), wanted.limits());
        return was.renewed(
                new ServiceSpec(
                        was.cluster(),
                        was.part(),
                        was.host(),
                        wanted.image(),
                        was.arguments(),
                        inOrder(was, variables),
                        was.networks(),
                        was.secrets(),
                        was.configs(),
                        was.binds(),
                        was.groups(),
                        was.constraints(),
                        was.published(),
                        sameLimits ? was.limits() : wanted.limits(),
                        wanted.stopGrace()));
    }

    /** Another order is no change. */
    private static List<ServiceSpec.Variable> inOrder(
            ServiceSpec was, Map<String, ServiceSpec.Variable> variables) {
        return Set.copyOf(was.environment()).equals(Set.copyOf(variables.values()))
                ? was.environment()
                : List.copyOf(variables.values());
    }

    private static boolean ofSwarm(ServiceSpec.Variable variable) {
        return variable.name().startsWith("XLCTL_SWARM_");
    }
}
