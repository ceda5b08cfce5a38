package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.topology.NodeKind;

class CompletionTest {
    private static final Completion.LiveNames LIVE =
            new Completion.LiveNames() {
                @Override
                public Collection<String> nodes(Optional<NodeKind> kind) {
                    return kind.map(k -> List.of(k + "_1")).orElse(List.of("c1", "d1"));
                }

                @Override
                public Collection<String> hosts() {
                    return List.of("h1", "h2");
                }

                @Override
                public Collection<String> openOperations() {
                    return List.of("7");
                }
            };

    @Test
    void startsWithEveryCommand() {
        assertThat(after()).contains("add", "remove", "monitor", "quit").doesNotContain("init");
    }

    @Test
    void proposesTheWordsThatCanFollow() {
        assertThat(after("add")).containsExactly("gtm", "gtm_proxy", "coordinator", "datanode");
        assertThat(after("add", "gtm")).containsExactly("master");
        assertThat(after("stop"))
                .containsExactly(
                        "-m", "all", "gtm", "gtm_proxy", "coordinator", "datanode", "c1", "d1");
        assertThat(after("stop", "-m")).containsExactly("smart", "fast", "immediate");
        assertThat(after("show")).containsExactly("config", "resource", "ca");
        assertThat(after("show", "resource", "datanode")).containsExactly("datanode_1");
        assertThat(after("createuser", "alice"))
                .containsExactly("--createdb", "--createrole", "--superuser", "--password-file");
        assertThat(after("monitor", "all")).containsExactly("--deep", "--watch", "--output");
        assertThat(after("host", "list", "--output"))
                .containsExactly("text", "json", "yaml", "tsv");
        assertThat(after("reconnect", "gtm_proxy")).containsExactly("all", "gtm_proxy_1");
    }

    @Test
    void proposesWhatIsLeftToSayOfAService() {
        List<String> add = List.of("add", "gtm", "master", "g", "h", "1", "d");
        assertThat(after(add.toArray(new String[0])))
                .containsExactly("--swarm", "--on", "--constraint", "--publish");
        assertThat(
                        after(
                                "add",
                                "gtm",
                                "master",
                                "g",
                                "h",
                                "1",
                                "d",
                                "--on",
                                "n",
                                "--constraint",
                                "a==b"))
                .containsExactly("--swarm", "--constraint", "--publish");
    }

    @Test
    void proposesNodesOfTheKindThatWasNamed() {
        assertThat(after("remove", "datanode", "master")).containsExactly("datanode_1");
        assertThat(after("start", "COORDINATOR", "master")).containsExactly("all", "coordinator_1");
        assertThat(after("start", "c1")).containsExactly("d1");
    }

    @Test
    void proposesHosts() {
        assertThat(after("add", "gtm", "master", "g")).containsExactly("h1", "h2");
    }

    @Test
    void proposesNoNameForANewNode() {
        assertThat(after("add", "gtm", "master")).isEmpty();
    }

    @Test
    void proposesFilesWhereOneIsRead() {
        Completion.Proposal proposal =
                Completion.after(
                        List.of("add", "coordinator", "master", "c", "h", "1", "2", "d"), LIVE);

        assertThat(proposal.files()).isTrue();
        assertThat(proposal.words()).containsExactly("none");
    }

    @Test
    void proposesNothingAfterWhatCannotBe() {
        assertThat(after("add", "nonsense")).isEmpty();
        assertThat(after("quit")).isEmpty();
    }

    @Test
    void proposesNothingAfterAValueThatCannotBe() {
        assertThat(after("add", "gtm", "master", "g", "h", "port", "d")).isEmpty();
        assertThat(after("add", "gtm", "master", "g", "h", "1", "d")).isNotEmpty();
    }

    @Test
    void proposesCoordinatorsAndOpenOperationsWhereTheyAreMeant() {
        assertThat(after("psql", "-")).containsExactly("coordinator_1");
        assertThat(after("operation", "resume")).containsExactly("7");
        assertThat(after("operation", "resume", "7")).containsExactly("--lost");
    }

    @Test
    void proposesNoneWhereItStandsForNothing() {
        assertThat(after("add", "coordinator", "master", "c", "h", "1")).containsExactly("none");
        assertThat(Completion.after(List.of("access"), LIVE))
                .isEqualTo(new Completion.Proposal(List.of(), true));
    }

    @Test
    void proposesTheWordsOfACommandAsTopics() {
        assertThat(after("help", "ADD"))
                .containsExactly("gtm", "gtm_proxy", "coordinator", "datanode");
        assertThat(after("help", "nonsense")).isEmpty();
    }

    private static List<String> after(String... words) {
        return Completion.after(List.of(words), LIVE).words();
    }
}
