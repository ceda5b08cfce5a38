package xlctl.swarm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is there with names in the form of one cluster's, by whether it is the cluster's.
 *
 * @param strangers what xlctl did not make for this cluster, each with its type: {@code network
 *     c_cluster}
 */
record Belongings(
        List<String> services,
        List<Docker.Network> networks,
        List<String> secrets,
        List<String> configs,
        List<String> volumes,
        List<String> strangers) {

    static Belongings of(Docker docker, SwarmNames names) {
        List<String> strangers = new ArrayList<>();
        List<Docker.Network> networks = new ArrayList<>();
        for (Docker.Network network : docker.networks()) {
            boolean named =
                    network.name().equals(names.clusterNetwork())
                            || network.name().equals(names.clientNetwork());
            if (named && names.own(network.called().labels())) {
                networks.add(network);
            } else if (named) {
                strangers.add("network " + network.name());
            }
        }
        String prefix = names.prefix();
        return new Belongings(
                own(names, "service", docker.services(prefix), strangers),
                List.copyOf(networks),
                own(names, "secret", docker.secrets(prefix), strangers),
                own(names, "config", docker.configs(prefix), strangers),
                own(names, "volume", docker.volumes(prefix), strangers),
                List.copyOf(strangers));
    }

    private static List<String> own(
            SwarmNames names,
            String type,
            Collection<Docker.Labelled> found,
            List<String> strangers) {
        List<String> own = new ArrayList<>();
        for (Docker.Labelled one : found) {
            if (names.own(one.labels())) {
                own.add(one.name());
            } else {
                strangers.add(type + " " + one.name());
            }
        }
        return List.copyOf(own);
    }

    Optional<Docker.Network> network(String name) {
        return networks.stream().filter(network -> network.name().equals(name)).findFirst();
    }

    /** Whether a key file is there, as a secret or a config. */
    boolean hasFile(String name) {
        return secrets.contains(name) || configs.contains(name);
    }
}
