package xlctl.lookup;

import java.security.Security;

/**
 * A host may come back under another address, as a container does: its name is looked up for each
 * connection.
 */
public final class HostLookup {
    private HostLookup() {}

    /**
     * Has this JVM keep neither addresses nor that a name had none. Each program does so first:
     * after the JVM's first lookup it has no effect.
     */
    public static void keepNothing() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }
}
