package xlctl.agent.engine.postmaster;

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

/** The text of a server's {@code pg_hba.conf} while it is put together. */
public final class HbaRules {
    private static final String MAP = "xlctl";

    private final StringBuilder text =
            new StringBuilder("# Written by xlctl. The first line that fits counts.\n");
    private final boolean encrypted;

    /**
     * Begins with the agent's own way in over the local socket.
     *
     * @param encrypted whether nobody gets in over the network without TLS, whatever else the file
     *     says
     */
    public HbaRules(boolean encrypted) {
        this.encrypted = encrypted;
        rule("local", "all", "all", "", "peer map=" + MAP);
        if (encrypted) {
            rule("hostnossl", "all", "all", "all", "reject");
            rule("hostnossl", "replication", "all", "all", "reject");
        }
    }

    /** From addresses of hosts. */
    public HbaRules host(String databases, String roles, String from, String how) {
        rule(encrypted ? "hostssl" : "host", databases, roles, from, how);
        return this;
    }

    /** Clients reach coordinators only. */
    public HbaRules clients(Site site, Catalog catalog, String how) {
        if (site.spec().kind() == NodeKind.COORDINATOR) {
            catalog.networks().clients().stream()
                    .map(Cidr::value)
                    .distinct()
                    .forEach(network -> host("all", "all", network, how));
        }
        return this;
    }

    /** With the operator's lines, at the end. */
    public String text(Site site) {
        if (!site.spec().hba().text().isBlank()) {
            text.append("# The operator's:\n");
            site.spec().hba().text().lines().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /** From where the cluster's own servers and controllers come. */
    public static Set<String> clusterAddresses(Site site, Catalog catalog) {
        List<Cidr> networks = catalog.networks().cluster();
        if (!networks.isEmpty()) {
            return networks.stream()
                    .map(Cidr::value)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return catalog.hostsWith(site.spec().instance().host()).stream()
                .map(HbaRules::address)
                .collect(Collectors.toCollection(TreeSet::new));
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

    /** From whichever loopback address to whichever, connections come from 127.0.0.1. */
    private static String address(HostName host) {
        if (!host.isAddress()) {
            return host.value();
        }
        return host.value().startsWith("127.") ? "127.0.0.0/8" : host + "/32";
    }

    private void rule(String type, String databases, String roles, String from, String how) {
        text.append(
                String.format(
                        "%-" + (encrypted ? 9 : 5) + "s %-15s %-36s %-18s %s%n",
                        type,
                        databases,
                        roles,
                        from,
                        how));
    }
}
