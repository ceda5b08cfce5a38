package xlctl.certificate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.IPAddress;

/** The names in a certificate or a request for one. */
final class AlternativeNames {
    private AlternativeNames() {}

    /** An address is a DNS name, too: libpq before 15 compares it with nothing else. */
    static GeneralNames of(Collection<String> names) {
        List<GeneralName> all = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (IPAddress.isValid(name)) {
                all.add(new GeneralName(GeneralName.iPAddress, name));
            }
            if (!IPAddress.isValidIPv6(name)) {
                all.add(new GeneralName(GeneralName.dNSName, name));
            }
        }
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    /** The DNS names among them, with which every IPv4 address is. */
    static Set<String> in(GeneralNames names) {
        Set<String> found = new TreeSet<>();
        for (GeneralName name : names.getNames()) {
            if (name.getTagNo() == GeneralName.dNSName) {
                found.add(name.getName().toString());
            }
        }
        return found;
    }
}
