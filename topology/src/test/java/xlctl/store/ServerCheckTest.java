package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;

class ServerCheckTest {
    @Test
    void aNameWithoutAnAddressIsNamed() {
        assertThat(ServerCheck.of("nowhere.invalid:2181"))
                .isIn(
                        "the name nowhere.invalid has no address",
                        "for the address of nowhere.invalid:2181 the name service does not answer");
    }

    @Test
    void whoSaysNothingIsToldFromWhereNothingListens() throws IOException {
        try (ServerSocket mute = listening()) {
            String server = "127.0.0.1:" + mute.getLocalPort();

            assertThat(ServerCheck.of("127.0.0.1:1," + server))
                    .isEqualTo(
                            "nothing listens at 127.0.0.1:1; "
                                    + server
                                    + " takes connections and does not answer as a ZooKeeper"
                                    + " server");
        }
    }

    @Test
    void connectingSaysWhatIsFoundOfEveryServer() {
        Identity anybody = Identities.generate(new ClusterName("c")).controller();
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(
                        () ->
                                ZooKeeperRecordTree.connect(
                                        "nowhere.invalid:2181,127.0.0.1:1",
                                        anybody,
                                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                                        second))
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("within 1000 ms: ")
                .hasMessageContaining("nowhere.invalid")
                .hasMessageContaining("nothing listens at 127.0.0.1:1");
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }
}
