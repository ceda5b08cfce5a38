package xlctl.agent.engine.postmaster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import xlctl.agent.engine.Site;

/**
 * The settings that xlctl makes for every postmaster, right from the first start for what only a
 * restart can change. They are read after the operator's and win over them.
 */
public final class CommonSettings {
    /** Settings that an operator may not make of any engine. */
    public static final Set<String> MANAGED =
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

    private CommonSettings() {}

    /** The caller's to add to. */
    public static Map<String, String> of(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", site.listen());
        settings.put("port", Integer.toString(site.port()));
        settings.put("unix_socket_directories", site.socketDirectory().toString());
        settings.put("cluster_name", site.spec().instance().name().node().value());
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        // Writes on several nodes are committed in two phases.
        settings.put("max_prepared_transactions", "100");
        settings.put("wal_log_hints", "on");
        settings.put("hot_standby", "on");
        settings.put("logging_collector", "on");
        settings.put("log_destination", "stderr");
        settings.put("log_directory", ServerLog.directory(site).toString());
        settings.put("log_file_mode", "0600");
        // A file for each day of the week, begun anew when its day returns.
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_truncate_on_rotation", "on");
        return settings;
    }
}
