package xlctl.agent.engine.postgresql;

import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.HbaRules;
import xlctl.topology.ServerRole;

/** Who may log in to a server from where, as the text of its {@code pg_hba.conf}. */
final class ClientAuthentication {
    static final String SCRAM = "scram-sha-256";
    private static final String INTERNAL_ROLES =
            ServerRole.INTERNAL.roleName() + "," + ServerRole.DDL.roleName();
    private static final String CLUSTER_ROLES =
            INTERNAL_ROLES + "," + ServerRole.MONITOR.roleName();

    private ClientAuthentication() {}

    static String rules(Site site, Catalog catalog) {
        HbaRules rules = new HbaRules(site.encrypted());
        rules.host("all", ServerRole.SUPERUSER.roleName(), "samehost", SCRAM);
        // A coordinator reaches itself, too, by whichever of its addresses.
        rules.host("all", INTERNAL_ROLES, "samehost", SCRAM);
        for (String address : HbaRules.clusterAddresses(site, catalog)) {
            rules.host("all", CLUSTER_ROLES, address, SCRAM);
        }
        rules.host(
                "all,replication",
                ServerRole.SUPERUSER.roleName() + "," + CLUSTER_ROLES,
                "all",
                "reject");
        return rules.clients(site, catalog, SCRAM).text(site);
    }
}
