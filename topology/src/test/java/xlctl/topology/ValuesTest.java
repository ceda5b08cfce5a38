package xlctl.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final String LONG_63 = "a".repeat(63);

    static Stream<Arguments> accepted() {
        return Stream.of(
                        all(NodeName::new, "coord_m_1", "_x", "A", "All1", LONG_63),
                        all(ClusterName::new, "postgresql-1", "a", "1", "a--b", LONG_63),
                        all(
                                HostName::new,
                                "127.0.1.3",
                                "0.0.0.0",
                                "255.255.255.255",
                                "db-1.example",
                                "a",
                                "my_host",
                                "1a.2b",
                                "a.".repeat(126) + "a"),
                        all(Port::parse, "1", "5432", "65535"),
                        all(
                                Cidr::new,
                                "10.1.0.0/16",
                                "0.0.0.0/0",
                                "127.0.0.1/32",
                                "128.0.0.0/1",
                                "255.255.255.255/32"),
                        all(InstanceName::parse, "data_m_1.1", "a.999999"),
                        all(HostPort::parse, "127.0.1.3:5432", "db-1.example:1"),
                        all(Directory::new, "data", "/srv/data", "data/coord_1", "a b", "x=~y"),
                        all(EngineKind::parse, "postgresql", "postgres-xl", "opentenbase"))
                .flatMap(one -> one);
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("accepted")
    void acceptsAndShowsAsTyped(Function<String, Object> make, String text) {
        assertThat(make.apply(text)).hasToString(text);
        assertThat(make.apply(text)).isEqualTo(make.apply(text));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                        all(
                                NodeName::new,
                                "",
                                "1a",
                                "a-b",
                                "a b",
                                "a.b",
                                "ä",
                                "none",
                                "NONE",
                                "all",
                                "All",
                                "a\n",
                                LONG_63 + "a"),
                        all(
                                ClusterName::new,
                                "",
                                "-a",
                                "a-",
                                "A",
                                "a_b",
                                "a.b",
                                "a/b",
                                "a\n",
                                LONG_63 + "a"),
                        all(
                                HostName::new,
                                "",
                                "none",
                                "256.1.1.1",
                                "1.2.3",
                                "1.2.3.4.5",
                                "1.2.3.4.",
                                "01.2.3.4",
                                "123",
                                "-a",
                                "a-",
                                "a..b",
                                ".a",
                                "a.",
                                "a b",
                                "a/b",
                                "::1",
                                "ä",
                                "a".repeat(254)),
                        all(
                                Port::parse,
                                "",
                                "0",
                                "65536",
                                "99999",
                                "-1",
                                "+1",
                                " 1",
                                "1 ",
                                "1.0",
                                "x",
                                "٣",
                                "123456"),
                        all(
                                Cidr::new,
                                "",
                                "10.1.0.0",
                                "10.1.0.0/",
                                "10.1.0.0/33",
                                "10.1.0.1/16",
                                "256.0.0.0/8",
                                "10.1.0/16",
                                "::/0",
                                "0.0.0.1/0",
                                "10.1.0.0/16 "),
                        all(
                                InstanceName::parse,
                                "",
                                "a",
                                "a.",
                                ".1",
                                "a.0",
                                "a.x",
                                "a.-1",
                                "a.1234567",
                                "none.1"),
                        all(HostPort::parse, "", "a", ":1", "a:", "a:0", "a b:1", "a:1:2"),
                        all(
                                Directory::new,
                                "",
                                "/",
                                "//",
                                ".",
                                "..",
                                "a/../b",
                                "./a",
                                "~/a",
                                "$HOME/a",
                                "a$b",
                                "none",
                                "None",
                                "a\nb",
                                "a\u0000b",
                                "a\u007fb",
                                "a".repeat(901)),
                        all(EngineKind::parse, "", "postgres", "POSTGRESQL"),
                        all(Secret::new, "", "a\nb", "a\u0000"))
                .flatMap(one -> one);
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("refused")
    void refusesAndSaysWhat(Function<String, Object> make, String text) {
        assertThatThrownBy(() -> make.apply(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("Exception");
    }

    @Test
    void hostsAreComparedInLowerCase() {
        assertThat(new HostName("DB-1.Example")).isEqualTo(new HostName("db-1.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "127.0.1.3"})
    void tellsAddressesFromNames(String address) {
        assertThat(new HostName(address).isAddress()).isTrue();
        assertThat(new HostName("h" + address).isAddress()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"data/, data", "data//coord, data/coord", "/srv//x/, /srv/x", "//a, /a"})
    void directoriesLoseSuperfluousSlashesOnly(String typed, String kept) {
        assertThat(new Directory(typed)).hasToString(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "data, data, true",
        "data, data/a, true",
        "data/a, data, true",
        "data, data2, false",
        "data/a, data/b, false",
        "/srv/a, /srv/a/wal, true",
        "/srv/a, srv/a, false",
        "/a, /b, false",
    })
    void directoriesOverlapWhenOneLiesInTheOther(String one, String other, boolean expected) {
        assertThat(new Directory(one).overlaps(new Directory(other))).isEqualTo(expected);
        assertThat(new Directory(other).overlaps(new Directory(one))).isEqualTo(expected);
    }

    @Test
    void directoriesAreAbsoluteOrBelowADataRoot() {
        assertThat(new Directory("/srv").isAbsolute()).isTrue();
        assertThat(new Directory("srv").isAbsolute()).isFalse();
    }

    @Test
    void instancesAreOrderedByNodeAndNumber() {
        assertThat(
                        Stream.of("b.1", "a.10", "a.9")
                                .map(InstanceName::parse)
                                .sorted()
                                .map(InstanceName::toString))
                .containsExactly("a.9", "a.10", "b.1");
    }

    @Test
    void aSecretShowsOnlyWhenRevealed() {
        Secret secret = new Secret("very-secret");

        assertThat(secret).hasToString("********");
        assertThat(Optional.of(secret).toString()).doesNotContain("very-secret");
        assertThat(secret.reveal()).isEqualTo("very-secret");
        assertThat(Secret.generate()).isNotEqualTo(Secret.generate());
        assertThat(Secret.generate().reveal()).matches("[A-Za-z0-9_-]{32}");
    }

    private static Stream<Arguments> all(Function<String, Object> make, String... texts) {
        return Stream.of(texts).map(text -> Arguments.of(make, text));
    }
}
