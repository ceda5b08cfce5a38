package xlctl.swarm;

import java.util.Locale;

/** What a Docker object of a cluster is for; the value of its label {@code xlctl.part}. */
public enum Part {
    NETWORK,
    SECRET,
    ZOOKEEPER,
    CONTROL,
    MEMBER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
