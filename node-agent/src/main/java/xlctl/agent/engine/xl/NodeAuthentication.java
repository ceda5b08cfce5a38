package xlctl.agent.engine.xl;

import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.HbaFile;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** Who may log in to a coordinator or datanode from where, and how it logs in to others. */
final class NodeAuthentication {
    private static final String OWN_ROLES =
            ServerRole.SUPERUSER.roleName() + "," + ServerRole.MONITOR.roleName();

    private NodeAuthentication() {}

    /**
     * The text of {@code pg_hba.conf}. Nodes log in to each other as whoever is logged in to them,
     * so every role may come from the cluster's own addresses.
     */
    static String rules(Site site, Catalog catalog, String method) {
        HbaFile file = new HbaFile();
        file.host("all", ServerRole.SUPERUSER.roleName(), "samehost", method);
        for (String address : HbaFile.clusterAddresses(site, catalog)) {
            file.host("all", "all", address, method);
        }
        file.host("all,replication", OWN_ROLES, "all", "reject");
        return file.clients(site, catalog, method).text(site);
    }

    /** The lines with which a server finds the passwords of the roles that xlctl knows. */
    static String passwordFile(Site site) {
        StringBuilder lines = new StringBuilder(line(ServerRole.SUPERUSER, superuser(site)));
        site.secrets().client().ifPresent(client -> lines.append(line(ServerRole.CLIENT, client)));
        return lines.toString();
    }

    private static Secret superuser(Site site) {
        return site.secrets().superuser();
    }

    private static String line(ServerRole role, Secret password) {
        return "*:*:*:"
                + role.roleName()
                + ":"
                + password.reveal().replace("\\", "\\\\").replace(":", "\\:")
                + "\n";
    }
}
