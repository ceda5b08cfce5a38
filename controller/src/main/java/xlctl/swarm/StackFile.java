package xlctl.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xlctl.topology.ClusterName;
import xlctl.yaml.YamlWriter;

/**
 * The services of a cluster as a stack file, to be deployed under the cluster's name. Networks,
 * secrets and configs must be there already: their contents are in no file. Pure.
 */
public final class StackFile {
    private StackFile() {}

    /**
     * The stack file for what is there.
     *
     * @throws DockerException when Docker cannot be asked, or there is no service of the cluster
     */
    public static String of(Docker docker, ClusterName cluster) {
        Belongings there = Belongings.of(docker, new SwarmNames(cluster));
        if (there.services().isEmpty()) {
            throw DockerException.refused(
                    "there is no service of the cluster " + cluster + " in Docker",
                    "swarm init makes the first ones");
        }
        return text(cluster, docker.specs(there.services()));
    }

    static String text(ClusterName cluster, List<ServiceSpec> specs) {
        List<ServiceSpec> sorted =
                specs.stream()
                        .sorted(
                                Comparator.comparing((ServiceSpec spec) -> spec.part())
                                        .thenComparing(ServiceSpec::name))
                        .toList();
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "3.8");
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> volumes = new LinkedHashMap<>();
        Set<String> networks = new LinkedHashSet<>();
        Set<String> secrets = new LinkedHashSet<>();
        Set<String> configs = new LinkedHashSet<>();
        for (ServiceSpec spec : sorted) {
            services.put(spec.host().value(), service(spec));
            volumes.put(
                    spec.host().value(),
                    ordered("name", spec.volume(), "labels", escaped(ServiceWords.labels(spec))));
            networks.addAll(spec.networks());
            spec.secrets().forEach(name -> secrets.add(names(spec).secret(name)));
            spec.configs().forEach(name -> configs.add(names(spec).secret(name)));
        }
        file.put("services", services);
        file.put("networks", external(networks));
        file.put("volumes", volumes);
        file.put("secrets", external(secrets));
        file.put("configs", external(configs));
        file.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
        return "# Deploy it where these services are not, and the rest is, with:\n"
                + "#   docker stack deploy --resolve-image never -c FILE "
                + cluster
                + "\n# 256 and 292 are the modes 0400 and 0444.\n"
                + YamlWriter.write(file);
    }

    private static Map<String, Object> service(ServiceSpec spec) {
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("image", escaped(spec.image()));
        service.put("command", escaped(spec.arguments()));
        service.put("hostname", names(spec).clientName(spec.host()).value());
        // A stack file cannot give a process further groups: this is its first one.
        spec.groups().stream()
                .findFirst()
                .ifPresent(group -> service.put("user", ServiceWords.USER + ":" + group));
        if (!spec.environment().isEmpty()) {
            service.put(
                    "environment",
                    spec.environment().stream()
                            .map(variable -> escaped(variable.name() + "=" + variable.value()))
                            .toList());
        }
        Map<String, Object> networks = new LinkedHashMap<>();
        for (String network : spec.networks()) {
            networks.put(network, ordered("aliases", spec.aliasesOn(network)));
        }
        service.put("networks", networks);
        putUnlessEmpty(
                service,
                "secrets",
                spec.secrets().stream()
                        .map(file -> file(names(spec).secret(file), file, 0400))
                        .toList());
        putUnlessEmpty(
                service,
                "configs",
                spec.configs().stream()
                        .map(
                                file ->
                                        file(
                                                names(spec).secret(file),
                                                ServiceWords.CONFIG_DIRECTORY + file,
                                                0444))
                        .toList());
        service.put("volumes", mounts(spec));
        spec.published()
                .ifPresent(
                        port ->
                                service.put(
                                        "ports",
                                        List.of(
                                                ordered(
                                                        "target",
                                                        port.inside().value(),
                                                        "published",
                                                        port.outside().value(),
                                                        "protocol",
                                                        "tcp",
                                                        "mode",
                                                        "host"))));
        service.put("stop_grace_period", ServiceWords.time(spec.stopGrace()));
        service.put("deploy", deploy(spec));
        return service;
    }

    private static Map<String, Object> deploy(ServiceSpec spec) {
        Map<String, Object> deploy = new LinkedHashMap<>();
        deploy.put("endpoint_mode", "dnsrr");
        deploy.put("replicas", 1);
        deploy.put("labels", escaped(ServiceWords.labels(spec)));
        if (!spec.constraints().isEmpty()) {
            deploy.put("placement", ordered("constraints", escaped(spec.constraints())));
        }
        Map<String, Object> limits = new LinkedHashMap<>();
        spec.limits().cpus().ifPresent(cpus -> limits.put("cpus", cpus));
        spec.limits().memory().ifPresent(memory -> limits.put("memory", memory));
        if (!limits.isEmpty()) {
            deploy.put("resources", ordered("limits", limits));
        }
        deploy.put("restart_policy", ordered("condition", "any", "delay", "1s"));
        return deploy;
    }

    private static List<Map<String, Object>> mounts(ServiceSpec spec) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(
                ordered(
                        "type",
                        "volume",
                        "source",
                        spec.host().value(),
                        "target",
                        ServiceWords.VOLUME_TARGET));
        for (ServiceSpec.Bind bind : spec.binds()) {
            mounts.add(
                    ordered(
                            "type",
                            "bind",
                            "source",
                            escaped(bind.source()),
                            "target",
                            escaped(bind.target())));
        }
        return mounts;
    }

    private static Map<String, Object> file(String source, String target, int mode) {
        String user = "" + ServiceWords.USER;
        return ordered("source", source, "target", target, "uid", user, "gid", user, "mode", mode);
    }

    private static Map<String, Object> external(Set<String> names) {
        Map<String, Object> external = new LinkedHashMap<>();
        names.stream().sorted().forEach(name -> external.put(name, ordered("external", true)));
        return external;
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, List<?> values) {
        if (!values.isEmpty()) {
            map.put(key, values);
        }
    }

    private static SwarmNames names(ServiceSpec spec) {
        return new SwarmNames(spec.cluster());
    }

    /** A dollar sign begins a variable in a stack file. */
    private static String escaped(String text) {
        return text.replace("$", "$$");
    }

    private static List<String> escaped(List<String> texts) {
        return texts.stream().map(StackFile::escaped).toList();
    }

    private static Map<String, Object> escaped(Map<String, String> texts) {
        Map<String, Object> escaped = new LinkedHashMap<>();
        texts.forEach((name, value) -> escaped.put(name, escaped(value)));
        return escaped;
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < keysAndValues.length; at += 2) {
            map.put((String) keysAndValues[at], keysAndValues[at + 1]);
        }
        return map;
    }
}
