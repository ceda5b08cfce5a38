package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.agent.file.DurableFile;
import xlctl.topology.GtmAddress;

/**
 * The settings that xlctl makes for coordinators and datanodes, right from the first start for what
 * only a restart can change. They are read after the operator's and win over them.
 */
final class NodeSettings {
    /** Settings that an operator may not make. */
    static final Set<String> MANAGED =
            Set.of(
                    "listen_addresses",
                    "port",
                    "pooler_port",
                    "unix_socket_directories",
                    "gtm_host",
                    "gtm_port",
                    "pgxc_node_name",
                    "pgxc_cluster_name",
                    "pgxc_main_cluster_name",
                    "cluster_name",
                    "wal_level",
                    "max_wal_senders",
                    "max_replication_slots",
                    "max_prepared_transactions",
                    "wal_log_hints",
                    "hot_standby",
                    "password_encryption",
                    "logging_collector",
                    "log_destination",
                    "log_directory",
                    "log_filename",
                    "log_file_mode",
                    "log_rotation_age",
                    "log_rotation_size",
                    "log_truncate_on_rotation",
                    "data_directory",
                    "config_file",
                    "hba_file",
                    "ident_file",
                    "external_pid_file");

    private NodeSettings() {}

    /** Writes them when they differ; the server reads most of them at its next start. */
    static void converge(Site site, Flavor flavor) throws IOException {
        Path file = site.dataDirectory().resolve(SettingsText.MANAGED_FILE);
        String wanted = managed(site, flavor.settings(site));
        if (!Files.exists(file) || !Files.readString(file).equals(wanted)) {
            DurableFile.write(file, wanted);
        }
    }

    /** The instance as it is when it finds its GTM elsewhere than when it was made. */
    static Site with(GtmAddress gtm, Site site) {
        InstanceSpec spec = site.spec();
        return new Site(
                new InstanceSpec(
                        spec.cluster(),
                        spec.engine(),
                        spec.kind(),
                        spec.instance(),
                        spec.networks(),
                        Optional.of(gtm),
                        spec.configuration(),
                        spec.hba()),
                site.secrets(),
                site.listen(),
                site.dataDirectory(),
                site.walDirectory(),
                site.stateDirectory(),
                site.socketDirectory());
    }

    /**
     * @param more what only the engine's flavor has
     */
    static String managed(Site site, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", site.listen());
        settings.put("port", Integer.toString(site.port()));
        settings.put("pooler_port", Integer.toString(poolerPort(site)));
        settings.put("unix_socket_directories", site.socketDirectory().toString());
        settings.putAll(more);
        settings.put("cluster_name", site.spec().instance().name().node().value());
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        // Writes on several nodes are committed in two phases.
        settings.put("max_prepared_transactions", "100");
        settings.put("wal_log_hints", "on");
        settings.put("hot_standby", "on");
        Path logs = site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY);
        settings.put("logging_collector", "on");
        settings.put("log_destination", "stderr");
        settings.put("log_directory", logs.toString());
        settings.put("log_file_mode", "0600");
        // A file for each day of the week, begun anew when its day returns.
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_truncate_on_rotation", "on");
        return SettingsText.of(settings);
    }

    /** Part of a socket's name only: nothing listens there on a network. */
    static int poolerPort(Site site) {
        return site.spec().instance().pooler().orElse(site.spec().instance().port()).value();
    }
}
