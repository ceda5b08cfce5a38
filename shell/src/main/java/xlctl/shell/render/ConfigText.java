package xlctl.shell.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.shell.settings.Home;
import xlctl.store.Versioned;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.Topology;

/** {@code show config}: what the topology says, in pgxc_ctl's layout. */
public final class ConfigText {
    private ConfigText() {}

    /** The common head, then the members host by host. */
    public static List<String> everything(ClusterView view, Home home) {
        List<String> lines = new ArrayList<>(common(view, home));
        Set<HostName> hosts = new LinkedHashSet<>();
        ordered(view.members()).forEach(member -> hosts.add(member.instance().host()));
        lines.addAll(ofHosts(view, List.copyOf(hosts)));
        return lines;
    }

    public static List<String> common(ClusterView view, Home home) {
        Optional<Topology> topology = view.topology().map(Versioned::value);
        List<String> lines = new ArrayList<>();
        lines.add("========= Postgres-XL configuration Common Info ========================");
        lines.add("=== Overall ===");
        lines.add("Cluster: " + view.cluster());
        lines.add("Engine: " + topology.map(found -> found.engine().word()).orElse("none yet"));
        lines.add(
                "Topology version: "
                        + view.topology()
                                .map(found -> Integer.toString(found.version()))
                                .orElse("none yet"));
        lines.add(
                "Networks of the cluster: "
                        + topology.map(found -> listed(found.networks().cluster(), "own addresses"))
                                .orElse("none yet"));
        lines.add(
                "Networks of clients: "
                        + topology.map(found -> listed(found.networks().clients(), "none"))
                                .orElse("none yet"));
        lines.add(
                "TLS: "
                        + topology.map(
                                        found ->
                                                found.networks()
                                                        .tls()
                                                        .map(oldest -> oldest + " or newer")
                                                        .orElse("none"))
                                .orElse("none yet"));
        lines.add("xlctl home: " + home.directory());
        lines.add("========= Postgres-XL configuration End Common Info ===================");
        return lines;
    }

    public static List<String> ofHosts(ClusterView view, List<HostName> hosts) {
        List<String> lines = new ArrayList<>();
        for (HostName host : hosts) {
            lines.add("====== Server: " + host + " =======");
            lines.addAll(
                    members(
                            view,
                            view.members().stream()
                                    .filter(member -> member.instance().host().equals(host))
                                    .toList()));
        }
        return lines;
    }

    public static List<String> members(ClusterView view, List<MemberView> members) {
        return ordered(members).flatMap(member -> member(view, member).stream()).toList();
    }

    private static Stream<MemberView> ordered(List<MemberView> members) {
        return members.stream().sorted(Comparator.comparing(MemberView::kind));
    }

    private static List<String> member(ClusterView view, MemberView member) {
        Instance instance = member.instance();
        List<String> lines = new ArrayList<>();
        lines.add(title(member) + ": host: " + instance.host());
        String name = "    Nodename: '" + instance.name().node() + "', port: " + instance.port();
        if (!member.kind().inCatalog()) {
            lines.add(name + ", dir: '" + instance.directory() + "'");
            return lines;
        }
        lines.add(
                name + ", pooler port: " + instance.pooler().map(Object::toString).orElse("none"));
        lines.add(
                "    Dir: '"
                        + instance.directory()
                        + "'"
                        + instance.walDirectory()
                                .map(wal -> ", WAL Dir: '" + wal + "'")
                                .orElse(""));
        Optional<Node> node =
                view.topology().flatMap(topology -> topology.value().node(instance.name().node()));
        node.ifPresent(
                found ->
                        lines.add(
                                "    Specific Extra Config: "
                                        + size(found.configuration())
                                        + ", Specific Extra pg_hba: "
                                        + size(found.hba())));
        return lines;
    }

    private static String title(MemberView member) {
        return switch (member.kind()) {
            case GTM -> "GTM" + role(member);
            case GTM_PROXY -> "GTM Proxy";
            case COORDINATOR -> "Coordinator" + role(member);
            case DATANODE -> "Datanode" + role(member);
        };
    }

    private static String role(MemberView member) {
        return switch (member.role()) {
            case MASTER -> " Master";
            case SLAVE -> " Slave";
        };
    }

    private static String size(String text) {
        long lines = text.lines().count();
        return lines == 0 ? "none" : lines + (lines == 1 ? " line" : " lines");
    }

    private static String listed(List<Cidr> networks, String none) {
        return networks.isEmpty()
                ? none
                : String.join(", ", networks.stream().map(Cidr::value).toList());
    }
}
