package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.shell.language.Help;
import xlctl.shell.script.FakeCluster;
import xlctl.shell.terminal.PseudoTerminal;

/** The scripts in a real bash, and the pages in a real formatter where there is one. */
class CompletionCommandTest {
    @TempDir private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void bashCompletesTheWordsOfTheLanguage() throws Exception {
        assertThat(run("completion", "bash")).isZero();

        assertThat(completed("xlctl mon")).containsExactly("monitor");
        assertThat(completed("xlctl add "))
                .containsExactly("gtm", "gtm_proxy", "coordinator", "datanode");
        assertThat(completed("xlctl add gtm ")).containsExactly("master");
        assertThat(completed("xlctl monitor all --"))
                .containsExactly("--deep", "--watch", "--output");
        assertThat(completed("xlctl monitor coord_m_1 coord_m_2 coord_m_3 --output "))
                .containsExactly("text", "json", "yaml", "tsv");
        assertThat(completed("xlctl host accept 127.0.1.1 127.0.1.1:7422 ")).isEmpty();
        assertThat(completed("xlctl stop -m ")).containsExactly("smart", "fast", "immediate");
        assertThat(completed("xlctl createuser alice --superuser --"))
                .containsExactly("--createdb", "--createrole", "--password-file");
        assertThat(completed("xlctl nonsense ")).isEmpty();
    }

    @Test
    void bashCompletesOptionsAndWhatComesAfterThem() throws Exception {
        run("completion", "bash");

        assertThat(completed("xlctl --dr")).containsExactly("--dry-run");
        assertThat(completed("xlctl --dry-run --cluster c sta")).containsExactly("start", "status");
        assertThat(completed("xlctl --output ")).containsExactly("text", "json", "yaml", "tsv");
        assertThat(completed("xlctl completion ")).contains("bash", "zsh", "--install");
        assertThat(completed("xlctl quickstart --d")).containsExactly("--dir", "--down");
    }

    @Test
    void bashCompletesFilesWhereFilesGo() throws Exception {
        run("completion", "bash");
        Files.createFile(directory.resolve("my conf"));

        assertThat(completed("xlctl -i my")).containsExactly("my conf");
        assertThat(completed("xlctl add coordinator master c h 1 2 d my"))
                .containsExactly("my conf");
        assertThat(completed("xlctl add coordinator master my")).isEmpty();
    }

    @Test
    void bashKnowsTheWayOfEveryExample() throws Exception {
        run("completion", "bash");
        Files.write(directory.resolve("script"), out.toByteArray());
        StringBuilder test = new StringBuilder(". ./script\n");
        for (Help.Entry entry : Help.entries()) {
            test.append("_xlctl_point=0; for w in ").append(entry.example());
            test.append(
                    "; do _xlctl_step \"$_xlctl_point\" \"$w\"; done; echo \"$_xlctl_point\"\n");
        }

        assertThat(bash(test.toString()))
                .hasSize(Help.entries().size())
                .allMatch(point -> point.matches("\\d+"));
    }

    @Test
    void zshGetsTheSameTable() throws Exception {
        run("completion", "bash");
        String bash = out.toString(UTF_8);
        out.reset();
        assertThat(run("completion", "zsh")).isZero();

        assertThat(out.toString(UTF_8))
                .startsWith("#compdef xlctl\n")
                .contains(
                        bash.substring(
                                bash.indexOf("_xlctl_step() {"), bash.indexOf("_xlctl() {")));
        Files.write(directory.resolve("_xlctl"), out.toByteArray());
        assertThat(output("zsh", "-n", "_xlctl")).isEmpty();
    }

    @Test
    void zshCompletesWhatIsTyped() throws Exception {
        run("completion", "zsh");
        Files.write(directory.resolve("_xlctl"), out.toByteArray());
        Map<String, String> environment =
                Map.of("HOME", directory.toString(), "ZDOTDIR", directory.toString());
        Files.writeString(
                directory.resolve(".zshrc"),
                "PROMPT='> '\nfpath=(%s $fpath)\nautoload -U compinit\ncompinit -u -D\n"
                        .formatted(directory));

        try (PseudoTerminal zsh =
                PseudoTerminal.start(directory, environment, List.of("zsh", "-i"))) {
            zsh.awaitLastLine(">");
            zsh.type("xlctl mon").press("Tab").awaitLastLine("> xlctl monitor");
            zsh.type("coor").press("Tab").awaitLastLine("> xlctl monitor coordinator");
            zsh.press("C-u").type("xlctl add ").press("Tab");
            zsh.awaitText("gtm_proxy", "coordinator", "datanode");
        }
    }

    @Test
    void installsScriptsAndPagesWithoutAWordForTheFormatterToComplainOf() throws Exception {
        assertThat(run("completion", "--install", directory.resolve("usr").toString())).isZero();

        Path share = directory.resolve("usr/share");
        assertThat(share.resolve("bash-completion/completions/xlctl")).isNotEmptyFile();
        assertThat(share.resolve("zsh/site-functions/_xlctl")).isNotEmptyFile();
        List<Path> pages;
        try (Stream<Path> files = Files.list(share.resolve("man/man1"))) {
            pages = files.sorted().toList();
        }
        assertThat(pages.stream().map(page -> page.getFileName().toString()))
                .contains("xlctl.1", "xlctl-monitor.1", "xlctl-operation.1");
        for (Path page : pages) {
            assertThat(Files.readAllLines(page))
                    .as(page.toString())
                    .startsWith(Files.readAllLines(page).get(0))
                    .contains(".SH NAME", ".SH SYNOPSIS", ".SH EXIT STATUS", ".SH SEE ALSO")
                    .allMatch(
                            line ->
                                    !line.startsWith(".")
                                            || line.matches("\\.[A-Za-z]{1,2}( .*)?"));
            assertThat(output("groff", "-man", "-Tutf8", "-ww", "-z", page.toString()))
                    .as(page.toString())
                    .isEmpty();
        }
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThat(run("completion")).isEqualTo(2);
        assertThat(run("completion", "fish")).isEqualTo(2);
        assertThat(run("completion", "bash", "--install", "x")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("give bash, zsh or --install DIR");
        assertThat(run("completion", "--install", "/proc/nowhere")).isEqualTo(1);
    }

    /** What a bash that sourced the printed script makes of a line. */
    private List<String> completed(String line) throws IOException, InterruptedException {
        Files.write(directory.resolve("script"), out.toByteArray());
        return bash(
                ". ./script\nCOMP_LINE='%s'; COMP_POINT=${#COMP_LINE}; _xlctl\n".formatted(line)
                        + "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    }

    private List<String> bash(String text) throws IOException, InterruptedException {
        return output("bash", "--norc", "-c", text);
    }

    private List<String> output(String... command) throws IOException, InterruptedException {
        Path said = directory.resolve("said");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> lines = new ArrayList<>(Files.readAllLines(said));
        Files.delete(said);
        return lines;
    }

    private int run(String... arguments) {
        return new Program(
                        Map.of("XLCTL_HOME", directory.toString()),
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> new FakeCluster(),
                        new Interruption())
                .run(arguments);
    }
}
