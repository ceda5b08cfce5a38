package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.CommonSettings;
import xlctl.agent.engine.postmaster.ConfigurationFiles;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.agent.file.DurableFile;

/** The settings that xlctl makes for coordinators and datanodes. */
final class NodeSettings {
    /** Settings that an operator may not make. */
    static final Set<String> MANAGED =
            Stream.concat(
                            CommonSettings.MANAGED.stream(),
                            Stream.of(
                                    "pooler_port",
                                    "gtm_host",
                                    "gtm_port",
                                    "pgxc_node_name",
                                    "pgxc_cluster_name",
                                    "pgxc_main_cluster_name"))
                    .collect(Collectors.toUnmodifiableSet());

    private NodeSettings() {}

    /** Writes them when they differ; the server reads most of them at its next start. */
    static void converge(Site site, Flavor flavor) throws IOException {
        Path file = ConfigurationFiles.managed(site);
        String wanted = managed(site, flavor);
        if (!Files.exists(file) || !Files.readString(file).equals(wanted)) {
            DurableFile.write(file, wanted);
        }
    }

    static String managed(Site site, Flavor flavor) {
        Map<String, String> settings = CommonSettings.of(site);
        settings.put("pooler_port", Integer.toString(poolerPort(site)));
        settings.put("pgxc_node_name", site.spec().instance().name().node().value());
        settings.putAll(flavor.settings(site));
        return SettingsText.of(settings);
    }

    /** Part of a socket's name only: nothing listens there on a network. */
    static int poolerPort(Site site) {
        return site.spec().instance().pooler().orElse(site.spec().instance().port()).value();
    }
}
