package xlctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GtmAddressTest {
    private final Topology topology =
            Topology.empty(new ClusterName("c1"), EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY)
                    .with(node("gtm_1", NodeKind.GTM, "h0"))
                    .with(node("proxy_1", NodeKind.GTM_PROXY, "h1"))
                    .with(node("proxy_2", NodeKind.GTM_PROXY, "h2"));

    private Optional<HostPort> proxy(Places places, String host) {
        return GtmAddress.of(topology, Map.of(), places, new HostName(host)).orElseThrow().proxy();
    }

    @Test
    void aProxyServesItsHostOnlyWhileNoPlaceIsKnown() {
        assertThat(proxy(Places.UNKNOWN, "h1")).contains(HostPort.parse("h1:6666"));
        assertThat(proxy(Places.UNKNOWN, "h3")).isEmpty();
    }

    @Test
    void aProxyServesTheHostsOfItsPlace() {
        Places places = places(Map.of("h1", "a", "h2", "b", "h3", "b"));

        assertThat(proxy(places, "h3")).contains(HostPort.parse("h2:6666"));
        assertThat(proxy(places, "h4")).isEmpty();
    }

    @Test
    void aHostsOwnProxyGoesBeforeAnotherOfItsPlace() {
        Places places = places(Map.of("h1", "a", "h2", "a", "h3", "a"));

        assertThat(proxy(places, "h2")).contains(HostPort.parse("h2:6666"));
        assertThat(proxy(places, "h3")).contains(HostPort.parse("h1:6666"));
    }

    @Test
    void hostsAreTogetherWhenBothPlacesAreKnownAndEqual() {
        Places places = places(Map.of("h1", "a", "h2", "a", "h3", "b"));

        assertThat(places.together(new HostName("h1"), new HostName("h2"))).isTrue();
        assertThat(places.together(new HostName("h1"), new HostName("h3"))).isFalse();
        assertThat(places.together(new HostName("h1"), new HostName("h4"))).isFalse();
        assertThat(places.together(new HostName("h4"), new HostName("h5"))).isFalse();
        assertThat(places.together(new HostName("h4"), new HostName("h4"))).isTrue();
    }

    private static Places places(Map<String, String> known) {
        return new Places(
                known.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        entry -> new HostName(entry.getKey()),
                                        Map.Entry::getValue)));
    }

    private static Node node(String name, NodeKind kind, String host) {
        return new Node(
                new NodeName(name),
                kind,
                OperatorFile.NONE,
                OperatorFile.NONE,
                List.of(
                        new Instance(
                                new InstanceName(new NodeName(name), 1),
                                new HostName(host),
                                new Port(6666),
                                Optional.empty(),
                                new Directory(name),
                                Optional.empty())));
    }
}
