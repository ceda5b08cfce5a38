package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTest {
    @Test
    void namesEveryFormOnNarrowScreens() {
        List<String> lines = Help.overview();

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines).containsAll(Grammar.FORMS.stream().map(Form::usage).toList());
    }

    @Test
    void explainsEveryCommandOnNarrowScreens() {
        for (String word : Grammar.commandWords()) {
            assertThat(Help.of(List.of(word)))
                    .as(word)
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(83));
        }
    }

    @Test
    void explainsACommand() {
        assertThat(Help.of(List.of("kill")))
                .containsExactly(
                        "kill TARGET",
                        "    Ends servers with SIGKILL. For emergencies: the next start recovers from",
                        "    the WAL.",
                        "    Example: kill coord_m_1",
                        "",
                        "TARGET: all | KIND [all | master [all | NAME...] | NAME...] | NAME...",
                        "KIND: gtm, gtm_proxy, coordinator or datanode",
                        "NAME: the name of a node");
    }

    @Test
    void explainsTheWordsThatACommandBeginsWith() {
        assertThat(Help.of(List.of("ADD", "coordinator")))
                .contains(
                        "    Example: add coordinator master coord_m_1 127.0.1.2 5432 15432 coord none none")
                .filteredOn(line -> line.startsWith("add "))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("add coordinator");
        assertThat(Help.of(List.of("operation", "resume")))
                .contains("operation resume N [--lost HOST...]");
    }

    @Test
    void hasAnExampleForEveryCommand() {
        for (String word : Grammar.commandWords()) {
            assertThat(Help.of(List.of(word)))
                    .as(word)
                    .anyMatch(line -> line.startsWith("    Example: "));
        }
    }

    @Test
    void explainsEveryCommandThatKnowsAWord() {
        assertThat(Help.of(List.of("--deep"))).contains("    Example: monitor all");
        assertThat(Help.of(List.of("target")))
                .singleElement()
                .asString()
                .startsWith("TARGET: all | KIND");
    }

    @Test
    void explainsAWordOfPgxcCtlThatBeginsNoCommandHereWhereOneKnowsIt() {
        assertThat(Help.of(List.of("clean"))).contains("    Example: remove gtm master clean");
        assertThat(String.join(" ", Help.of(List.of("init"))))
                .startsWith("\"init\" is a word of pgxc_ctl")
                .contains("Example: swarm init");
    }

    @Test
    void saysWhereATopicGoesWrong() {
        assertThat(Help.unknown(List.of("add", "coordinater")))
                .isEqualTo(
                        "\"coordinater\" does not follow \"add\": did you mean \"coordinator\"?");
    }

    @Test
    void saysWhyAWordHasNoHelp() {
        assertThat(Help.unknown(List.of("strat"))).contains("did you mean \"start\"?");
        assertThat(Help.unknown(List.of("failover"))).contains("a word of pgxc_ctl");
    }
}
