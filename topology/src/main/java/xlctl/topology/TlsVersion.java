package xlctl.topology;

/** A version of TLS that servers and clients can agree on. */
public enum TlsVersion {
    TLS_1_2("1.2"),
    TLS_1_3("1.3");

    private final String number;

    TlsVersion(String number) {
        this.number = number;
    }

    /** As in {@code 1.2}. */
    public String number() {
        return number;
    }

    /** As PostgreSQL's settings have it. */
    public String settingName() {
        return "TLSv" + number;
    }

    @Override
    public String toString() {
        return "TLS " + number;
    }
}
