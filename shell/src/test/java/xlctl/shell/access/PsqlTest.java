package xlctl.shell.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ClientLogin;
import xlctl.controller.RefusedException;
import xlctl.topology.ClusterName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

class PsqlTest {
    private static final ClientLogin.Coordinator COORDINATOR =
            new ClientLogin.Coordinator(new NodeName("coord_1"), HostPort.parse("127.0.1.2:5433"));
    private static final ClientLogin LOGIN =
            new ClientLogin(
                    new ClusterName("c"),
                    "app",
                    new Secret("hidden"),
                    Optional.of("authority\n"),
                    List.of(COORDINATOR));

    @TempDir Path directory;
    private Path program;

    @BeforeEach
    void makeProgram() throws IOException {
        program = directory.resolve("psql");
        Files.writeString(
                program,
                """
                #!/bin/sh
                {
                    echo "$PGHOST $PGPORT $PGDATABASE $PGUSER"
                    stat -c %a "$PGPASSFILE"
                    cat "$PGPASSFILE"
                    echo "$PGPASSFILE"
                    echo "$#" "$@"
                    echo "$PGSSLMODE $PGCHANNELBINDING"
                    cat "$PGSSLROOTCERT"
                } > "$0.seen"
                exit 3
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void isToldWhereToConnectAndGetsThePasswordInAFileThatGoesAway() throws IOException {
        int exit = new Psql(program).run(LOGIN, COORDINATOR, List.of("-c", "SELECT 'a b'"));

        List<String> seen = Files.readAllLines(Path.of(program + ".seen"));
        assertThat(exit).isEqualTo(3);
        assertThat(seen.subList(0, 3))
                .containsExactly("127.0.1.2 5433 postgres app", "600", "*:*:*:app:hidden");
        assertThat(seen.subList(4, 7))
                .containsExactly("2 -c SELECT 'a b'", "verify-full require", "authority");
        assertThat(Path.of(seen.get(3))).doesNotExist();
        assertThat(Path.of(seen.get(3)).getParent()).doesNotExist();
    }

    @Test
    void leavesNoPasswordWhereItIsMadeToEnd() throws Exception {
        Files.writeString(
                program,
                """
                #!/bin/sh
                echo "$PGPASSFILE" > "$0.begun"
                mv "$0.begun" "$0.seen"
                exec sleep 60
                """);
        Psql psql = new Psql(program);
        Future<Integer> exit =
                CompletableFuture.supplyAsync(() -> psql.run(LOGIN, COORDINATOR, List.of()));
        Path seen = Path.of(program + ".seen");
        await().until(() -> Files.exists(seen));
        Path passwords = Path.of(Files.readString(seen).strip());
        assertThat(passwords).exists();

        psql.end();

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(143);
        assertThat(passwords.getParent()).doesNotExist();
    }

    @Test
    void isNotBegunOnceItIsMadeToEnd() {
        Psql psql = new Psql(program);
        psql.end();

        assertThat(psql.run(LOGIN, COORDINATOR, List.of())).isEqualTo(143);
        assertThat(Path.of(program + ".seen")).doesNotExist();
    }

    @Test
    void withoutTheProgramItSaysWhatToInstall() {
        Path absent = directory.resolve("absent");

        assertThatThrownBy(() -> new Psql(absent).run(LOGIN, COORDINATOR, List.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("postgresql-client");
    }
}
