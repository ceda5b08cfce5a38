package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in {@code swarm/}, before a program {@code docker} that answers what a test says. */
class SwarmScriptsTest {
    private static final Path SCRIPTS = Path.of("..", "swarm").toAbsolutePath();

    /** A manager of a Swarm of one machine that has nothing; what changes it is in a file. */
    private static final String MANAGER =
            """
            case $* in
                version*) echo 28 ;;
                info*ControlAvailable*) echo 'active true ' ;;
                info*Name*) echo node-1 ;;
                'node ls'*) echo 'Ready Active node-1' ;;
                'image inspect'*) ;;
                *' inspect '*) echo "Error: No such $1: ${*: -1}" >&2; exit 1 ;;
                *' ls'*) ;;
                *) echo "$*" >>"$0.changes" ;;
            esac
            """;

    @TempDir private Path directory;

    private Path docker;

    @BeforeEach
    void prepareEngine() throws IOException {
        docker = directory.resolve("docker");
        Files.createFile(directory.resolve("docker.changes"));
        answering("");
    }

    /** Goes before what {@link #MANAGER} says. */
    private void answering(String cases) throws IOException {
        Files.writeString(
                docker, "#!/usr/bin/env bash\ncase $* in\n" + cases + "*) ;;\nesac\n" + MANAGER);
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    }

    private Process start(String script, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(SCRIPTS.resolve(script).toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", directory + ":", (was, first) -> first + was);
        return builder.start();
    }

    private static String said(Process script, int code) throws Exception {
        String text = new String(script.getInputStream().readAllBytes(), UTF_8);
        assertThat(script.waitFor()).as(text).isEqualTo(code);
        return text;
    }

    private String changes() throws IOException {
        return Files.readString(directory.resolve("docker.changes"));
    }

    @Test
    void keysAreNotReplacedWhileAServiceHasThem() throws Exception {
        answering(
                """
                secret*inspect*--format*) echo c; exit ;;
                secret*inspect*) exit ;;
                service*ls*) echo 'service c_db-1'; exit ;;
                """);

        assertThat(said(start("secrets", "c"), 4))
                .contains("missing: config c_authorized-keys;")
                .contains("lock out service c_db-1: nothing was changed")
                .contains("swarm/down c");
        assertThat(changes()).isEmpty();
    }

    @Test
    void keysAreNotMadeAnewForAVolumeThatWasKept() throws Exception {
        answering("volume*ls*) echo 'volume c_zookeeper'; exit ;;\n");

        assertThat(said(start("secrets", "c"), 4))
                .contains("missing: secret c_ssh-key, config c_authorized-keys,")
                .contains("lock out volume c_zookeeper: nothing was changed");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aSwarmWithoutALeaderDoesNotMeanThatKeysAreMissing() throws Exception {
        answering(
                """
                config*inspect*)
                    echo 'Error response from daemon: The swarm does not have a leader.' >&2
                    exit 1
                    ;;
                """);

        assertThat(said(start("secrets", "c"), 3))
                .contains("does not say whether there is a config c_authorized-keys")
                .contains("The swarm does not have a leader.");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aServiceThatIsThereAndDoesNotRunIsNamed() throws Exception {
        answering(
                """
                service*inspect*--format* | network*inspect*--format*) echo c; exit ;;
                service*inspect*) exit ;;
                'service ps'*) echo 'Running|Starting 2 minutes ago|'; exit ;;
                """);

        assertThat(said(start("member", "c", "db-1"), 3))
                .contains("service c_db-1: it is there, but does not run: Starting 2 minutes ago")
                .contains("docker service rm c_db-1");
        assertThat(changes()).isEmpty();
    }

    @Test
    void anInterruptedRunTakesItsServiceAway() throws Exception {
        answering(
                """
                network*inspect*--format*) echo c; exit ;;
                network*inspect*) exit ;;
                service*inspect*--format*) echo c; exit ;;
                service*inspect*) grep -q '^service create' "$0.changes" && exit ;;
                'service ps'*) echo 'Running|Starting 1 second ago|'; exit ;;
                """);
        Process script = start("zookeeper", "c");
        await().atMost(Duration.ofSeconds(20)).until(() -> changes().contains("service create"));

        script.toHandle().destroy();

        assertThat(said(script, 130)).contains("interrupted: taking the service c_zookeeper away");
        assertThat(changes()).contains("service rm c_zookeeper", "volume rm c_zookeeper");
    }
}
