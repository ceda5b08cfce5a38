package xlctl.agent.engine.postmaster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitdbFailureTest {
    private static final String NO_SHARED_MEMORY =
            """
            creating configuration files ... ok
            running bootstrap script ... 2026-11-21 19:00:00.000 UTC [7] FATAL:  could not create shared memory segment: No space left on device
            2026-11-21 19:00:00.000 UTC [7] DETAIL:  Failed system call was shmget(key=1, size=56, 03600).
            2026-11-21 19:00:00.000 UTC [7] HINT:  This error does *not* mean that you have run out of disk space.
            \tThe PostgreSQL documentation contains more information about shared memory configuration.
            child process exited with exit code 1
            initdb: data directory "/srv/data" not removed at user's request
            """;

    @Test
    void sharedMemoryThatIsUsedUpIsNoFullDisk() {
        InitdbFailure failure = InitdbFailure.of(NO_SHARED_MEMORY);

        assertThat(failure.remedy()).contains("ipcs -m", "kernel.shmmni").doesNotContain("space");
        assertThat(InitdbFailure.reason(new ProgramRun(1, NO_SHARED_MEMORY)))
                .contains("could not create shared memory segment", "shmget")
                .doesNotContain("user's request");
    }

    @Test
    void whatItDoesNotTidyUpIsNoReason() {
        String output =
                "Running in no-clean mode.  Mistakes will not be cleaned up.\n"
                        + "initdb: error: could not create directory \"/srv/data\": Permission denied\n"
                        + "initdb: info: data directory \"/srv/data\" not removed at user's request\n";

        assertThat(InitdbFailure.reason(new ProgramRun(1, output)))
                .isEqualTo(
                        "initdb: error: could not create directory \"/srv/data\": Permission denied");
    }

    @ParameterizedTest
    @CsvSource({
        "could not create semaphores: No space left on device, SEMAPHORES",
        "could not write to file: No space left on device, DISK",
        "could not write block 3: File too large, DISK",
        "could not create directory: Disk quota exceeded, DISK",
        "could not create directory: Permission denied, PERMISSION",
        "could not open file: Read-only file system, PERMISSION",
        "could not map anonymous shared memory: Cannot allocate memory, MEMORY",
        "invalid locale name, OTHER"
    })
    void theRemedyComesFromWhatInitdbSaid(String words, InitdbFailure failure) {
        assertThat(InitdbFailure.of("initdb: error: " + words)).isEqualTo(failure);
    }

    @Test
    void ofWhatIsNotKnownNothingIsGuessed() {
        assertThat(InitdbFailure.OTHER.remedy()).isEmpty();
    }
}
