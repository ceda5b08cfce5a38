package xlctl.agent.engine.xl;

import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.HbaRules;
import xlctl.topology.ServerRole;

/** Who may log in to a coordinator or datanode from where. */
final class NodeAuthentication {
    private static final String OWN_ROLES =
            ServerRole.SUPERUSER.roleName() + "," + ServerRole.MONITOR.roleName();

    private NodeAuthentication() {}

    /**
     * The text of {@code pg_hba.conf}. Nodes log in to each other as whoever is logged in to them,
     * so every role may come from the cluster's own addresses.
     */
    static String rules(Site site, Catalog catalog, String method) {
        HbaRules rules = new HbaRules(false);
        rules.host("all", ServerRole.SUPERUSER.roleName(), "samehost", method);
        for (String address : HbaRules.clusterAddresses(site, catalog)) {
            rules.host("all", "all", address, method);
        }
        rules.host("all,replication", OWN_ROLES, "all", "reject");
        return rules.clients(site, catalog, method).text(site);
    }
}
