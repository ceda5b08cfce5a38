package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xlctl.topology.Cidr;

class OwnAddressTest {
    private static final Cidr NETWORK = new Cidr("10.0.4.0/22");

    @Test
    void isTheOneAddressInTheNetwork() throws Exception {
        assertThat(OwnAddress.in(NETWORK, addresses("127.0.0.1", "10.0.7.255", "10.0.8.1", "::1")))
                .hasToString("10.0.7.255");
        assertThat(OwnAddress.in(new Cidr("0.0.0.0/0"), addresses("192.0.2.200")))
                .hasToString("192.0.2.200");
        assertThat(OwnAddress.in(new Cidr("127.0.0.1/32"))).hasToString("127.0.0.1");
    }

    @Test
    void refusesAMachineWithoutOneAndSaysWhichItHas() {
        assertThatThrownBy(() -> OwnAddress.in(NETWORK, addresses("127.0.0.1", "10.0.8.1")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("no address in 10.0.4.0/22")
                .hasMessageContaining("10.0.8.1, 127.0.0.1");
    }

    @Test
    void refusesToChooseAmongSeveral() {
        assertThatThrownBy(() -> OwnAddress.in(NETWORK, addresses("10.0.4.9", "10.0.5.1")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("several addresses in 10.0.4.0/22")
                .hasMessageContaining("10.0.4.9, 10.0.5.1");
    }

    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }
}
