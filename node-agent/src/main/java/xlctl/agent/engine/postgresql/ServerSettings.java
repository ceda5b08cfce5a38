package xlctl.agent.engine.postgresql;

import java.util.Map;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.CommonSettings;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.topology.NodeKind;

/** The settings that xlctl makes for every server. */
final class ServerSettings {
    private ServerSettings() {}

    static String managed(Site site) {
        Map<String, String> settings = CommonSettings.of(site);
        settings.put("password_encryption", ClientAuthentication.SCRAM);
        return SettingsText.of(settings);
    }

    /** What an operator may set differently: read before the operator's own lines. */
    static String defaults(Site site) {
        return site.spec().kind() == NodeKind.GTM
                ? "\n# The GTM holds little.\nshared_buffers = 16MB\n"
                : "";
    }
}
