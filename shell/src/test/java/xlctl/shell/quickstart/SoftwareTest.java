package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ExitCode;
import xlctl.topology.EngineKind;

class SoftwareTest {
    private static final Software XL =
            new Software(EngineKind.POSTGRES_XL, Optional.of(Path.of("/opt/it's xl")));

    @TempDir private Path directory;

    @Test
    void refusesAnEngineWithoutItsHomeAndAHomeWithoutItsEngine() {
        for (EngineKind real : List.of(EngineKind.POSTGRES_XL, EngineKind.OPENTENBASE)) {
            assertThatThrownBy(() -> Software.asked(real, Optional.empty()))
                    .isInstanceOfSatisfying(
                            QuickstartException.class,
                            e -> assertThat(e.exit()).isEqualTo(ExitCode.MALFORMED))
                    .hasMessageContaining("--engine " + real + " needs --engine-home PATH");
        }
        assertThatThrownBy(() -> Software.asked(EngineKind.POSTGRESQL, Optional.of(directory)))
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("say which one it is with --engine");
        assertThat(Software.asked(EngineKind.POSTGRESQL, Optional.empty()))
                .isEqualTo(Software.PACKAGED);
    }

    @Test
    void isPostgresqlWhereNothingElseIsSaid() throws IOException {
        assertThat(Software.choose(new Layout(directory), Optional.empty()))
                .isEqualTo(Software.PACKAGED);
        assertThat(Software.choose(new Layout(directory), Optional.of(XL))).isEqualTo(XL);
    }

    @Test
    void isWhatTheQuickstartWasMadeWith() throws IOException {
        Layout layout = made("postgres-xl", "engine-home: '/opt/it''s xl'");

        assertThat(Software.choose(layout, Optional.empty())).isEqualTo(XL);
        assertThat(Software.choose(layout, Optional.of(XL))).isEqualTo(XL);
    }

    @Test
    void refusesAnotherOneThanTheQuickstartWasMadeWith() throws IOException {
        Layout layout = made("postgres-xl", "engine-home: '/opt/it''s xl'");
        Software elsewhere =
                new Software(EngineKind.POSTGRES_XL, Optional.of(Path.of("/opt/other")));

        for (Software other : List.of(elsewhere, Software.PACKAGED)) {
            assertThatThrownBy(() -> Software.choose(layout, Optional.of(other)))
                    .isInstanceOfSatisfying(
                            QuickstartException.class,
                            e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED))
                    .hasMessageContaining("was made with the engine postgres-xl in /opt/it's xl");
        }
    }

    @Test
    void refusesAnotherOneThanAQuickstartThatWasCutShortBeganWith() throws IOException {
        Files.writeString(directory.resolve("xlctl.yaml"), "cluster: a\nengine: opentenbase\n");

        assertThatThrownBy(() -> Software.choose(new Layout(directory), Optional.empty()))
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("was made with the engine opentenbase");
    }

    @Test
    void namesEveryProgramThatIsMissing() throws IOException {
        program("initdb", "");
        program("psql", "");

        assertThatThrownBy(() -> here(EngineKind.OPENTENBASE).require(user()))
                .isInstanceOfSatisfying(
                        QuickstartException.class,
                        e -> assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining(
                        "bin lacks programs of opentenbase: postgres, pg_ctl, pg_dumpall, pg_dump,"
                                + " pg_isready, gtm, gtm_proxy;");
    }

    @Test
    void refusesProgramsOfAnotherKind() throws IOException {
        programs("postgres (PostgreSQL) 10.0 OpenTenBase V2");

        assertThat(here(EngineKind.OPENTENBASE).require(user())).isEqualTo(directory);
        assertThatThrownBy(() -> here(EngineKind.POSTGRES_XL).require(user()))
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("is not Postgres-XL")
                .hasMessageContaining("it says: postgres (PostgreSQL) 10.0 OpenTenBase V2");
    }

    @Test
    void refusesProgramsThatTheUserCannotReach() throws IOException {
        programs("postgres (PostgreSQL) 9.5 (Postgres-XL 9.5)");
        Path bin = directory.resolve("bin");
        Files.setPosixFilePermissions(bin, PosixFilePermissions.fromString("---------"));
        try {
            assertThatThrownBy(() -> here(EngineKind.POSTGRES_XL).require(user()))
                    .isInstanceOf(QuickstartException.class)
                    .hasMessageContaining(bin.toString())
                    .hasMessageContaining("--engine-home");
        } finally {
            Files.setPosixFilePermissions(bin, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void connectsWithTheEnginesOwnClient() {
        ClientAccess access = new ClientAccess(new Layout(Path.of("/x")), XL);

        assertThat(access.psql())
                .isEqualTo(
                        "PGPASSFILE=/x/pgpass PGSERVICEFILE=/x/pg_service.conf"
                                + " '/opt/it'\\''s xl/bin/psql' service=postgres-xl-1");
        assertThat(new ClientAccess(new Layout(Path.of("/x")), Software.PACKAGED).psql())
                .isEqualTo("PGSERVICEFILE=/x/pg_service.conf psql service=postgresql-1");
    }

    private Layout made(String engine, String line) throws IOException {
        Layout layout = new Layout(directory);
        Path agent = layout.agentConfig(Layout.FIRST_COORDINATOR);
        Files.createDirectories(agent.getParent());
        Files.writeString(agent, "engine: " + engine + "\n" + line + "\n");
        Files.writeString(layout.settings(), "cluster: a\nengine: " + engine + "\n");
        return layout;
    }

    private Software here(EngineKind kind) {
        return new Software(kind, Optional.of(directory));
    }

    /** Who runs this, or nobody when that is root. */
    private UnprivilegedUser user() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return UnprivilegedUser.of("nobody");
    }

    private void programs(String version) throws IOException {
        for (String name :
                "postgres initdb pg_ctl pg_dumpall pg_dump pg_isready psql gtm gtm_proxy"
                        .split(" ")) {
            program(name, version);
        }
    }

    private void program(String name, String version) throws IOException {
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\necho '" + version + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
