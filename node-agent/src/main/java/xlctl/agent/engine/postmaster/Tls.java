package xlctl.agent.engine.postmaster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import xlctl.agent.engine.Site;
import xlctl.topology.Networks;
import xlctl.topology.TlsVersion;

/**
 * How a server of a cluster with TLS is set, and how everybody on its host connects to it and to
 * others: with the server's certificate, name and signature verified, and the password bound to
 * that very connection. All is empty for a cluster without TLS.
 */
public final class Tls {
    private static final String VERIFY = "verify-full";
    private static final String REQUIRE = "require";

    /** Settings that an operator may not make of a server with TLS. */
    private static final Set<String> MANAGED =
            Set.of("ssl", "ssl_cert_file", "ssl_key_file", "ssl_min_protocol_version");

    private Tls() {}

    static Set<String> managed(Networks networks) {
        return networks.encrypted() ? MANAGED : Set.of();
    }

    /** The server's own settings. */
    public static Map<String, String> settings(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
        site.spec()
                .networks()
                .tls()
                .map(TlsVersion::settingName)
                .ifPresent(
                        oldest -> {
                            String certifiedKey = site.tls().certifiedKey().toString();
                            settings.put("ssl", "on");
                            settings.put("ssl_cert_file", certifiedKey);
                            settings.put("ssl_key_file", certifiedKey);
                            settings.put("ssl_min_protocol_version", oldest);
                        });
        return settings;
    }

    /** Options of libpq in a connection string. */
    public static Map<String, String> options(Site site) {
        Map<String, String> options = new LinkedHashMap<>();
        if (site.encrypted()) {
            options.put("sslmode", VERIFY);
            options.put("sslrootcert", site.tls().authority().toString());
            options.put("channel_binding", REQUIRE);
        }
        return options;
    }

    /** The same, as programs take them from their environment. */
    static Map<String, String> environment(Site site) {
        return site.encrypted()
                ? Map.of(
                        "PGSSLMODE",
                        VERIFY,
                        "PGSSLROOTCERT",
                        site.tls().authority().toString(),
                        "PGCHANNELBINDING",
                        REQUIRE)
                : Map.of();
    }

    /** The same, as the JDBC driver takes them. */
    static Map<String, String> properties(Site site) {
        return site.encrypted()
                ? Map.of(
                        "sslmode",
                        VERIFY,
                        "sslrootcert",
                        site.tls().authority().toString(),
                        "channelBinding",
                        REQUIRE)
                : Map.of("sslmode", "disable");
    }
}
