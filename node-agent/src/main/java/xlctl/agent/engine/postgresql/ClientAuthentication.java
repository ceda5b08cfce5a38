package xlctl.agent.engine.postgresql;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.topology.Cidr;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** Who may log in to a server from where, as the text of its {@code pg_hba.conf}. */
final class ClientAuthentication {
    private static final String SCRAM = "scram-sha-256";
    private static final String MAP = "xlctl";
    private static final String CLUSTER_ROLES =
            ServerRole.INTERNAL.roleName() + "," + ServerRole.MONITOR.roleName();

    private ClientAuthentication() {}

    static String rules(Site site, Catalog catalog) {
        StringBuilder text =
                new StringBuilder("# Written by xlctl. The first line that fits counts.\n");
        rule(text, "local", "all", "all", "", "peer map=" + MAP);
        rule(text, "host", "all", ServerRole.SUPERUSER.roleName(), "samehost", SCRAM);
        for (String address : clusterAddresses(site, catalog)) {
            rule(text, "host", "all", CLUSTER_ROLES, address, SCRAM);
        }
        rule(
                text,
                "host",
                "all,replication",
                ServerRole.SUPERUSER.roleName() + "," + CLUSTER_ROLES,
                "all",
                "reject");
        if (site.spec().kind() == NodeKind.COORDINATOR) {
            catalog.networks().clients().stream()
                    .map(Cidr::value)
                    .distinct()
                    .forEach(network -> rule(text, "host", "all", "all", network, SCRAM));
        }
        if (!site.spec().hba().isBlank()) {
            text.append("# The operator's:\n");
            site.spec().hba().lines().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /** The agent's own system user is the superuser on the local socket. */
    static String identMap(String systemUser) {
        return "# Written by xlctl.\n"
                + MAP
                + "  \""
                + systemUser
                + "\"  "
                + ServerRole.SUPERUSER.roleName()
                + "\n";
    }

    private static Set<String> clusterAddresses(Site site, Catalog catalog) {
        List<Cidr> networks = catalog.networks().cluster();
        if (!networks.isEmpty()) {
            return networks.stream()
                    .map(Cidr::value)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return catalog.hostsWith(site.spec().instance().host()).stream()
                .map(ClientAuthentication::address)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** From whichever loopback address to whichever, connections come from 127.0.0.1. */
    private static String address(HostName host) {
        if (!host.isAddress()) {
            return host.value();
        }
        return host.value().startsWith("127.") ? "127.0.0.0/8" : host + "/32";
    }

    private static void rule(
            StringBuilder text,
            String type,
            String databases,
            String roles,
            String from,
            String how) {
        text.append(
                String.format("%-5s %-15s %-36s %-18s %s%n", type, databases, roles, from, how));
    }
}
