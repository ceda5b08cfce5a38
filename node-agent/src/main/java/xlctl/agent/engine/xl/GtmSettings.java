package xlctl.agent.engine.xl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;

/** The configuration files of a GTM and of its proxies. */
final class GtmSettings {
    /** Settings that an operator may make, of those that all engines of the family have. */
    static final Set<String> OPERATORS =
            Set.of(
                    "keepalives_idle",
                    "keepalives_interval",
                    "keepalives_count",
                    "log_min_messages");

    private GtmSettings() {}

    static String fileName(NodeKind kind) {
        return program(kind) + ".conf";
    }

    static String pidFileName(NodeKind kind) {
        return program(kind) + ".pid";
    }

    static String program(NodeKind kind) {
        return kind == NodeKind.GTM ? "gtm" : "gtm_proxy";
    }

    /** The operator's lines come first: the last one wins. */
    static String gtm(Site site, Flavor flavor) throws EngineException {
        Map<String, String> settings = common(site);
        settings.put("startup", "ACT");
        settings.putAll(flavor.gtmSettings(site));
        return site.spec().configuration().text() + "\n" + SettingsText.of(settings);
    }

    /**
     * @param gtm where the proxy's GTM is
     */
    static String proxy(Site site, Flavor flavor, HostPort gtm) throws EngineException {
        Map<String, String> settings = common(site);
        settings.put("gtm_host", gtm.host().value());
        settings.put("gtm_port", gtm.port().toString());
        settings.put("worker_threads", "1");
        // A proxy whose GTM is away looks for it each second.
        settings.put("gtm_connect_retry_interval", "1");
        settings.putAll(flavor.gtmSettings(site));
        return site.spec().configuration().text() + "\n" + SettingsText.of(settings);
    }

    private static Map<String, String> common(Site site) throws EngineException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("nodename", site.spec().instance().name().node().value());
        settings.put("listen_addresses", listen(site));
        settings.put("port", Integer.toString(site.port()));
        return settings;
    }

    /** The programs take one address, where a postmaster takes several. */
    static String listen(Site site) throws EngineException {
        String[] addresses = site.listen().split(",");
        if (addresses.length == 1) {
            return addresses[0].strip();
        }
        String own = site.spec().instance().host().value();
        for (String address : addresses) {
            if (address.strip().equals(own)) {
                return own;
            }
        }
        throw new EngineException(
                "a "
                        + site.spec().kind()
                        + " listens on one address, and "
                        + site.listen()
                        + " are several, none of them "
                        + own,
                "add it under one of these addresses, or set server-listen to one",
                null);
    }
}
