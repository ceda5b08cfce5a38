package xlctl.agent.engine.postgresql;

import java.util.Map;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.CommonSettings;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.agent.engine.postmaster.Tls;

/** The settings that xlctl makes for every server. */
final class ServerSettings {
    private static final String PARTITIONS =
            "\n# Tables have many partitions.\nmax_locks_per_transaction = 256\n";

    private ServerSettings() {}

    static String managed(Site site) {
        Map<String, String> settings = CommonSettings.of(site);
        settings.put("password_encryption", ClientAuthentication.SCRAM);
        settings.putAll(Tls.settings(site));
        return SettingsText.of(settings);
    }

    /** What an operator may set differently: read before the operator's own lines. */
    static String defaults(Site site) {
        switch (site.spec().kind()) {
            case GTM:
                return "\n# The GTM holds little.\nshared_buffers = 16MB\n";
            case COORDINATOR:
                return PARTITIONS
                        + "enable_partitionwise_join = on\n"
                        + "enable_partitionwise_aggregate = on\n"
                        + "\n# It would cost more than it gains where others do the work.\n"
                        + "jit = off\n";
            case DATANODE:
                return PARTITIONS;
            case GTM_PROXY:
                return "";
        }
        throw new AssertionError(site.spec().kind());
    }
}
