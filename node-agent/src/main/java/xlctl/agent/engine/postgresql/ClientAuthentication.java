package xlctl.agent.engine.postgresql;

import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.HbaRules;
import xlctl.topology.Logins;
import xlctl.topology.ServerRole;

/** Who may log in to a server from where, as the text of its {@code pg_hba.conf}. */
final class ClientAuthentication {
    static final String SCRAM = "scram-sha-256";
    private static final String INTERNAL_ROLES =
            roles(logins -> Stream.of(logins.internal(), logins.ddl()));
    private static final String CLUSTER_ROLES =
            INTERNAL_ROLES + "," + roles(logins -> Stream.of(logins.monitor()));

    private ClientAuthentication() {}

    /**
     * Of the two that there are for each purpose both: which may log in, their passwords decide.
     */
    private static String roles(Function<Logins, Stream<ServerRole>> of) {
        return Stream.of(Logins.values())
                .flatMap(of)
                .map(ServerRole::roleName)
                .collect(Collectors.joining(","));
    }

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
