package xlctl.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.topology.ClusterName;
import xlctl.topology.Port;

class YamlMappingTest {
    private static YamlMapping read(String... lines) {
        return YamlMapping.read(String.join("\n", lines) + "\n", "agent.yaml");
    }

    @Test
    void givesTypedValues() {
        YamlMapping root =
                read(
                        "cluster: postgresql-1",
                        "port: 7422 # where it listens",
                        "keep: true",
                        "roots: [/srv/a, /srv/b]",
                        "zookeeper:",
                        "  servers: '127.0.0.1:2181'");

        assertThat(root.required("cluster", ClusterName::new))
                .contains(new ClusterName("postgresql-1"));
        assertThat(root.required("port", Port::parse)).contains(new Port(7422));
        assertThat(root.optional("keep", Boolean::valueOf)).contains(true);
        assertThat(root.list("roots", text -> text)).containsExactly("/srv/a", "/srv/b");
        assertThat(root.mapping("zookeeper").orElseThrow().string("servers"))
                .contains("127.0.0.1:2181");
        assertThat(root.place("port")).contains("agent.yaml:2:7");
        assertThat(root.optional("absent", text -> text)).isEmpty();
        assertThat(root.place("absent")).isEmpty();
        assertThat(root.problems()).isEmpty();
        root.requireNoProblems();
    }

    @Test
    void leavesTextAsItWasWritten() {
        YamlMapping root = read("mode: 0600", "word: yes", "version: 1.10", "text: 'null'");

        assertThat(root.string("mode")).contains("0600");
        assertThat(root.string("word")).contains("yes");
        assertThat(root.string("version")).contains("1.10");
        assertThat(root.string("text")).contains("null");
        assertThat(root.problems()).isEmpty();
    }

    @Test
    void tellsAllProblemsAtOnceInTheOrderOfTheFile() {
        YamlMapping root =
                read(
                        "port: seven",
                        "hots: a",
                        "keep: maybe",
                        "port: 1",
                        "zookeeper:",
                        "  sevrers: b",
                        "roots: /srv");
        root.string("cluster");
        root.required("port", Port::parse);
        root.optional("host", text -> text);
        root.optional("keep", Port::parse);
        root.mapping("zookeeper").orElseThrow().string("servers");
        root.list("roots", text -> text);

        assertThat(root.problems())
                .containsExactly(
                        "agent.yaml:1:1: \"cluster\" is missing",
                        "agent.yaml:1:7: port: \"seven\" is not a port: a number from 1 to 65535",
                        "agent.yaml:2:1: \"hots\" is not known: did you mean \"host\"?",
                        "agent.yaml:3:7: keep: \"maybe\" is not a port: a number from 1 to 65535",
                        "agent.yaml:4:1: \"port\" is here twice, first at agent.yaml:1:1",
                        "agent.yaml:6:3: \"servers\" is missing below zookeeper",
                        "agent.yaml:6:3: \"sevrers\" is not known below zookeeper: did you mean"
                                + " \"servers\"?",
                        "agent.yaml:7:8: \"roots\" must be a list: [a, b], or lines with \"- \"");
        assertThatThrownBy(root::requireNoProblems)
                .isInstanceOfSatisfying(
                        YamlException.class,
                        e -> {
                            assertThat(e.problems()).hasSize(8);
                            assertThat(e).hasMessage(String.join("\n", e.problems()));
                        });
    }

    @Test
    void listsTheKnownKeysWhenNoneIsNear() {
        YamlMapping root = read("entirely-different: 1");
        root.optional("host", text -> text);
        root.optional("port", text -> text);

        assertThat(root.problems())
                .containsExactly(
                        "agent.yaml:1:1: \"entirely-different\" is not known: known are host, port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: &x 1' | 1:4: an anchor is not allowed here",
                "'a: *x' | 1:4: an alias is not allowed here",
                "'a: !!int 1' | 1:4: a tag is not allowed here",
                "'a: [1, 2' | not readable YAML",
                "'- a' | 1:1: expected \"key: value\" lines",
                "'just words' | 1:1: expected \"key: value\" lines",
                "'a: \tb: c' | not readable YAML",
                "'? [a, b]' | a key must be one word",
            })
    void refusesWhatIsNotPlain(String text, String expected) {
        YamlMapping root = read(text);
        root.optional("a", value -> value);

        assertThat(root.problems()).isNotEmpty().first().asString().contains(expected);
    }

    @Test
    void saysNothingOfMissingKeysWhenTheTextCannotBeRead() {
        YamlMapping root = read("a: [1");
        root.string("cluster");

        assertThat(root.problems()).hasSize(1);
    }

    @Test
    void refusesSeveralDocuments() {
        assertThat(read("a: 1", "---", "a: 2").problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("not readable YAML");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThat(read("a: " + "[".repeat(100_000)).problems())
                .containsExactly("agent.yaml:1:53: nested deeper than 50 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:", "a: ~", "a: null"})
    void refusesAKeyWithoutAValue(String text) {
        YamlMapping root = read(text);

        assertThat(root.string("a")).isEmpty();
        assertThat(root.problems()).hasSize(1).first().asString().contains("\"a\" has no value");
    }

    @Test
    void takesAQuotedEmptyTextForAValue() {
        YamlMapping root = read("a: ''");

        assertThat(root.string("a")).contains("");
        assertThat(root.problems()).isEmpty();
    }

    @Test
    void saysWhatShapeWasExpected() {
        YamlMapping root = read("a:", "  b: 1", "c: 2", "d: [x, [y]]");
        root.string("a");
        root.mapping("c");
        root.list("d", text -> text);

        assertThat(root.problems())
                .containsExactly(
                        "agent.yaml:2:3: \"a\" must be a single value",
                        "agent.yaml:3:4: \"c\" must have \"key: value\" lines below",
                        "agent.yaml:4:8: \"d\" must be a single value");
    }

    @Test
    void readsAnEmptyFileAsAMappingWithoutKeys() {
        YamlMapping root = read("# nothing yet");

        assertThat(root.string("cluster")).isEmpty();
        assertThat(root.problems()).containsExactly("agent.yaml:1:1: \"cluster\" is missing");
    }

    @Test
    void takesProblemsThatOthersFindInAValue() {
        YamlMapping root = read("home: /nowhere");
        root.string("home");
        root.problem("home", "no such directory");

        assertThat(root.problems()).isEqualTo(List.of("agent.yaml:1:7: no such directory"));
    }

    @Test
    void givesTheSameMappingToWhoeverAsks() {
        YamlMapping root = read("z:", "  a: 1", "  b: 2");
        root.mapping("z").orElseThrow().string("a");
        root.mapping("z").orElseThrow().string("b");

        assertThat(root.problems()).isEmpty();
    }
}
