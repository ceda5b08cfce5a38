package xlctl.agent.engine.postgresql;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.topology.NodeKind;

/**
 * The settings that xlctl makes for every server, right from the first start for what only a
 * restart can change. They are read after the operator's and win over them.
 */
final class ServerSettings {

    /** Settings that an operator may not make. */
    static final Set<String> MANAGED =
            Set.of(
                    "listen_addresses",
                    "port",
                    "unix_socket_directories",
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

    private ServerSettings() {}

    static String managed(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", site.listen());
        settings.put("port", Integer.toString(site.port()));
        settings.put("unix_socket_directories", site.socketDirectory().toString());
        settings.put("cluster_name", site.spec().instance().name().node().value());
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        settings.put("max_prepared_transactions", "100");
        settings.put("wal_log_hints", "on");
        settings.put("hot_standby", "on");
        settings.put("password_encryption", "scram-sha-256");
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

    /** What an operator may set differently: read before the operator's own lines. */
    static String defaults(Site site) {
        return site.spec().kind() == NodeKind.GTM
                ? "\n# The GTM holds little.\nshared_buffers = 16MB\n"
                : "";
    }
}
