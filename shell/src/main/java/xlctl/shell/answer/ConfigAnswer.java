package xlctl.shell.answer;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.store.Versioned;
import xlctl.topology.Cidr;
import xlctl.topology.Directory;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.TlsVersion;
import xlctl.topology.Topology;

/**
 * {@code show config}: what the topology says, not what runs.
 *
 * @param part what was asked for: {@code everything}, {@code common}, {@code hosts} or {@code
 *     members}
 * @param members by kind
 */
public record ConfigAnswer(String part, Optional<Common> common, List<Member> members)
        implements Answer {
    /**
     * What concerns the cluster as a whole. What only a first node brings is empty before it.
     *
     * @param networksCluster from where its own servers are reached; empty: each host's address
     * @param networksClients from where clients reach coordinators; empty: from nowhere
     * @param tls the oldest version of TLS that its servers take; empty for none
     */
    public record Common(
            String cluster,
            Optional<String> engine,
            Optional<Integer> topologyVersion,
            List<String> networksCluster,
            List<String> networksClients,
            Optional<String> tls,
            String home) {
        public Common {
            networksCluster = List.copyOf(networksCluster);
            networksClients = List.copyOf(networksClients);
        }
    }

    /**
     * One instance of a node.
     *
     * @param configurationLines how many lines of postgresql.conf the operator gave
     * @param hbaLines how many lines of pg_hba.conf the operator gave
     * @param configurationFile from where those of postgresql.conf came; empty where none were
     *     given
     * @param hbaFile from where those of pg_hba.conf came
     */
    public record Member(
            String node,
            String kind,
            String role,
            String host,
            int port,
            Optional<Integer> pooler,
            String directory,
            Optional<String> walDirectory,
            int configurationLines,
            int hbaLines,
            Optional<String> configurationFile,
            Optional<String> hbaFile) {}

    public ConfigAnswer {
        members = List.copyOf(members);
    }

    public static ConfigAnswer everything(ClusterView view, Path home) {
        return new ConfigAnswer(
                "everything", Optional.of(common(view, home)), members(view, view.members()));
    }

    public static ConfigAnswer head(ClusterView view, Path home) {
        return new ConfigAnswer("common", Optional.of(common(view, home)), List.of());
    }

    public static ConfigAnswer ofHosts(ClusterView view, List<HostName> hosts) {
        return new ConfigAnswer(
                "hosts",
                Optional.empty(),
                hosts.stream()
                        .distinct()
                        .flatMap(
                                host ->
                                        members(
                                                view,
                                                view.members().stream()
                                                        .filter(
                                                                member ->
                                                                        member.instance()
                                                                                .host()
                                                                                .equals(host))
                                                        .toList())
                                                .stream())
                        .toList());
    }

    public static ConfigAnswer ofMembers(ClusterView view, List<MemberView> members) {
        return new ConfigAnswer("members", Optional.empty(), members(view, members));
    }

    @Override
    public String kind() {
        return "config";
    }

    @Override
    public Rows rows() {
        return part.equals("common")
                ? new Rows(Common.class, common.stream().toList())
                : new Rows(Member.class, members);
    }

    private static Common common(ClusterView view, Path home) {
        Optional<Topology> topology = view.topology().map(Versioned::value);
        return new Common(
                view.cluster().value(),
                topology.map(found -> found.engine().word()),
                view.topology().map(Versioned::version),
                topology.map(found -> texts(found.networks().cluster())).orElse(List.of()),
                topology.map(found -> texts(found.networks().clients())).orElse(List.of()),
                topology.flatMap(found -> found.networks().tls()).map(TlsVersion::number),
                home.toString());
    }

    private static List<String> texts(List<Cidr> networks) {
        return networks.stream().map(Cidr::value).toList();
    }

    private static List<Member> members(ClusterView view, List<MemberView> members) {
        return members.stream()
                .sorted(Comparator.comparing(MemberView::kind))
                .map(member -> member(view, member))
                .toList();
    }

    private static Member member(ClusterView view, MemberView member) {
        Instance instance = member.instance();
        Optional<Node> node =
                view.topology().flatMap(found -> found.value().node(instance.name().node()));
        OperatorFile configuration = node.map(Node::configuration).orElse(OperatorFile.NONE);
        OperatorFile hba = node.map(Node::hba).orElse(OperatorFile.NONE);
        return new Member(
                instance.name().node().value(),
                member.kind().word(),
                member.role().word(),
                instance.host().value(),
                instance.port().value(),
                instance.pooler().map(Port::value),
                instance.directory().toString(),
                instance.walDirectory().map(Directory::toString),
                lines(configuration),
                lines(hba),
                name(configuration),
                name(hba));
    }

    private static Optional<String> name(OperatorFile file) {
        return Optional.of(file.name()).filter(name -> !name.isEmpty());
    }

    private static int lines(OperatorFile file) {
        return Math.toIntExact(file.text().lines().count());
    }
}
