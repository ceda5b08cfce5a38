package xlctl.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A service as words of the {@code docker} program. Pure. */
final class ServiceWords {
    /** Where a container has its volume. */
    static final String VOLUME_TARGET = "/var/lib/xlctl";

    static final String CONFIG_DIRECTORY = "/run/configs/";

    /** The user of the image's processes, by number in every image. */
    static final int USER = 5432;

    private ServiceWords() {}

    /**
     * @param local whether the engine has the image: it is then not asked for elsewhere
     */
    static List<String> create(ServiceSpec spec, boolean local) {
        SwarmNames names = new SwarmNames(spec.cluster());
        List<String> words = new ArrayList<>(List.of("service", "create", "--detach"));
        if (local) {
            words.add("--no-resolve-image");
        }
        add(words, "--name", spec.name());
        add(words, "--hostname", names.clientName(spec.host()).value());
        labels(spec).forEach((name, value) -> add(words, "--label", name + "=" + value));
        add(words, "--endpoint-mode", "dnsrr");
        for (String network : spec.networks()) {
            List<String> fields = new ArrayList<>(List.of("name", network));
            for (String alias : spec.aliasesOn(network)) {
                fields.addAll(List.of("alias", alias));
            }
            add(words, "--network", fields(fields.toArray(String[]::new)));
        }
        for (String secret : spec.secrets()) {
            add(words, "--secret", file(names.secret(secret), secret, "0400"));
        }
        for (String config : spec.configs()) {
            add(words, "--config", file(names.secret(config), CONFIG_DIRECTORY + config, "0444"));
        }
        add(words, "--mount", volume(spec));
        for (ServiceSpec.Bind bind : spec.binds()) {
            add(
                    words,
                    "--mount",
                    fields("type", "bind", "source", bind.source(), "target", bind.target()));
        }
        spec.groups().forEach(group -> add(words, "--group", group.toString()));
        spec.constraints().forEach(constraint -> add(words, "--constraint", constraint));
        spec.published()
                .ifPresent(
                        port ->
                                add(
                                        words,
                                        "--publish",
                                        fields(
                                                "mode",
                                                "host",
                                                "published",
                                                port.outside().toString(),
                                                "target",
                                                port.inside().toString())));
        spec.limits().memory().ifPresent(memory -> add(words, "--limit-memory", memory));
        spec.limits().cpus().ifPresent(cpus -> add(words, "--limit-cpu", cpus));
        add(words, "--stop-grace-period", time(spec.stopGrace()));
        add(words, "--restart-condition", "any");
        add(words, "--restart-delay", "1s");
        for (ServiceSpec.Variable variable : spec.environment()) {
            add(words, "--env", variable.name() + "=" + variable.value());
        }
        words.add("--");
        words.add(spec.image());
        words.addAll(spec.arguments());
        return List.copyOf(words);
    }

    /** Only what differs. */
    static List<String> update(ServiceSpec was, ServiceSpec is, boolean local) {
        List<String> words = new ArrayList<>(List.of("service", "update", "--detach"));
        if (local) {
            words.add("--no-resolve-image");
        }
        if (!was.image().equals(is.image())) {
            add(words, "--image", is.image());
        }
        for (ServiceSpec.Variable variable : is.environment()) {
            if (!was.environment().contains(variable)) {
                add(words, "--env-add", variable.name() + "=" + variable.value());
            }
        }
        for (ServiceSpec.Variable variable : was.environment()) {
            boolean stays =
                    is.environment().stream()
                            .anyMatch(other -> other.name().equals(variable.name()));
            if (!stays) {
                add(words, "--env-rm", variable.name());
            }
        }
        if (!was.limits().equals(is.limits())) {
            add(words, "--limit-memory", is.limits().memory().orElse("0"));
            add(words, "--limit-cpu", is.limits().cpus().orElse("0"));
        }
        if (!was.stopGrace().equals(is.stopGrace())) {
            add(words, "--stop-grace-period", time(is.stopGrace()));
        }
        words.add(is.name());
        return List.copyOf(words);
    }

    /** The labels of a service and of its volume. */
    static Map<String, String> labels(ServiceSpec spec) {
        Map<String, String> labels =
                new TreeMap<>(new SwarmNames(spec.cluster()).labels(spec.part()));
        if (spec.part() == Part.MEMBER) {
            labels.put(SwarmNames.HOST_LABEL, spec.host().value());
        }
        return labels;
    }

    private static String volume(ServiceSpec spec) {
        StringBuilder volume =
                new StringBuilder(
                        fields("type", "volume", "source", spec.volume(), "target", VOLUME_TARGET));
        labels(spec)
                .forEach(
                        (name, value) ->
                                volume.append(',')
                                        .append(fields("volume-label", name + "=" + value)));
        return volume.toString();
    }

    private static String file(String source, String target, String mode) {
        return fields(
                "source", source, "target", target, "uid", "" + USER, "gid", "" + USER, "mode",
                mode);
    }

    /** Such words are lines of CSV: a value with a comma is quoted. */
    private static String fields(String... namesAndValues) {
        List<String> fields = new ArrayList<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            String field = namesAndValues[at] + "=" + namesAndValues[at + 1];
            boolean plain = field.indexOf(',') < 0 && field.indexOf('"') < 0;
            fields.add(plain ? field : '"' + field.replace("\"", "\"\"") + '"');
        }
        return String.join(",", fields);
    }

    private static void add(List<String> words, String option, String value) {
        words.add(option);
        words.add(value);
    }

    /** As Docker, stack files and xlctl's own settings have it. */
    static String time(Duration duration) {
        return duration.toMillisPart() == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }
}
