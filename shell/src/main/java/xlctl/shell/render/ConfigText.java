package xlctl.shell.render;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.text.Quoted;

/** {@code show config}: what the topology says, in pgxc_ctl's layout. */
final class ConfigText {
    private ConfigText() {}

    static List<String> of(ConfigAnswer config) {
        List<String> lines = new ArrayList<>();
        config.common().ifPresent(common -> lines.addAll(common(common)));
        if (config.part().equals("members")) {
            config.members().forEach(member -> lines.addAll(member(member)));
            return lines;
        }
        Set<String> hosts = new LinkedHashSet<>();
        config.members().forEach(member -> hosts.add(member.host()));
        for (String host : hosts) {
            lines.add("====== Server: " + host + " =======");
            config.members().stream()
                    .filter(member -> member.host().equals(host))
                    .forEach(member -> lines.addAll(member(member)));
        }
        return lines;
    }

    private static List<String> common(ConfigAnswer.Common common) {
        String none = "none yet";
        boolean made = common.topologyVersion().isPresent();
        return List.of(
                "========= Postgres-XL configuration Common Info ========================",
                "=== Overall ===",
                "Cluster: " + common.cluster(),
                "Engine: " + common.engine().orElse(none),
                "Topology version: " + common.topologyVersion().map(Object::toString).orElse(none),
                "Networks of the cluster: "
                        + (made ? listed(common.networksCluster(), "own addresses") : none),
                "Networks of clients: " + (made ? listed(common.networksClients(), "none") : none),
                "TLS: "
                        + (made
                                ? common.tls().map(oldest -> oldest + " or newer").orElse("none")
                                : none),
                "xlctl home: " + common.home(),
                "========= Postgres-XL configuration End Common Info ===================");
    }

    private static List<String> member(ConfigAnswer.Member member) {
        List<String> lines = new ArrayList<>();
        lines.add(title(member) + ": host: " + member.host());
        String name = "    Nodename: '" + member.node() + "', port: " + member.port();
        if (member.kind().startsWith("gtm")) {
            lines.add(name + ", dir: '" + member.directory() + "'");
            return lines;
        }
        lines.add(name + ", pooler port: " + member.pooler().map(Object::toString).orElse("none"));
        lines.add(
                "    Dir: '"
                        + member.directory()
                        + "'"
                        + member.walDirectory().map(wal -> ", WAL Dir: '" + wal + "'").orElse(""));
        lines.add(
                "    Specific Extra Config: "
                        + size(member.configurationLines(), member.configurationFile())
                        + ", Specific Extra pg_hba: "
                        + size(member.hbaLines(), member.hbaFile()));
        return lines;
    }

    private static String title(ConfigAnswer.Member member) {
        String role = member.role().equals("master") ? " Master" : " Slave";
        return switch (member.kind()) {
            case "gtm" -> "GTM" + role;
            case "gtm_proxy" -> "GTM Proxy";
            case "coordinator" -> "Coordinator" + role;
            default -> "Datanode" + role;
        };
    }

    private static String size(int lines, Optional<String> file) {
        return file.map(
                        name ->
                                lines
                                        + (lines == 1 ? " line of " : " lines of ")
                                        + Quoted.line(name))
                .orElse("none");
    }

    private static String listed(List<String> networks, String none) {
        return networks.isEmpty() ? none : String.join(", ", networks);
    }
}
