package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.process.ServerProcess;

class HungLoginTest {
    private static final ServerProcess LOGIN =
            session(31199, "postgres postgres 127.0.0.1(44752) startup", "__do_semtimedop");
    private static final List<ServerProcess> HUNG =
            List.of(
                    new ServerProcess(1, "/opt/bin/postgres --coordinator -D d", 'S', "do_select"),
                    new ServerProcess(2, "postgres: c1: pooler process", 'S', "do_poll"),
                    new ServerProcess(3, "postgres: c1: wal writer process", 'S', "do_epoll_wait"),
                    session(4, "app shop 10.0.0.7(5010) idle", "do_epoll_wait"),
                    session(5, "app shop [local] idle in transaction", "__do_semtimedop"),
                    session(6, "app shop 10.0.0.7(5011) SELECT", "__do_semtimedop"),
                    session(7, "app shop 10.0.0.7(5012) authentication", "do_epoll_wait"),
                    LOGIN,
                    session(31200, "app shop 10.0.0.7(5013) startup", "__do_semtimedop"));

    @Test
    void isTheFirstLoginThatWaitsWhenNobodyIsAtWork() {
        assertThat(HungLogin.among(HUNG)).contains(LOGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"futex_wait_queue", "futex_do_wait", "do_semtimedop"})
    void waitsInASemaphoreOfEitherKind(String function) {
        ServerProcess login = session(9, "app shop [local] startup", function);

        assertThat(HungLogin.among(List.of(login))).contains(login);
    }

    @ParameterizedTest
    @CsvSource({
        "app shop 10.0.0.7(5011) SELECT, do_epoll_wait",
        "app shop 10.0.0.7(5011) COMMIT, do_poll",
        "app shop [local] startup, do_poll",
        "app shop 10.0.0.7(5011) SELECT, ''",
        "app shop 10.0.0.7(5011) SELECT, 0"
    })
    void isNoneWhileASessionWaitsForAnotherServerOrForWhatIsNotKnown(String who, String function) {
        assertThat(HungLogin.among(with(session(50, who, function)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(chars = {'R', 'D', 'T', 't'})
    void isNoneWhileAProcessRunsOrIsStoppedOrWaitsForADisk(char state) {
        ServerProcess other =
                new ServerProcess(50, "postgres: c1: checkpointer process", state, "");

        assertThat(HungLogin.among(with(other))).isEmpty();
    }

    @Test
    void isNoneThatWaitsForALockOfATable() {
        assertThat(
                        HungLogin.among(
                                List.of(
                                        session(
                                                50,
                                                "app shop [local] startup waiting",
                                                "__do_semtimedop"))))
                .isEqualTo(Optional.empty());
    }

    @Test
    void isNoneWithoutALogin() {
        assertThat(HungLogin.among(HUNG.subList(0, 7))).isEmpty();
        assertThat(HungLogin.among(List.of())).isEmpty();
    }

    private static List<ServerProcess> with(ServerProcess another) {
        List<ServerProcess> all = new ArrayList<>(HUNG);
        all.add(another);
        return all;
    }

    private static ServerProcess session(long pid, String who, String waitsIn) {
        return new ServerProcess(pid, "postgres: c1: " + who, 'S', waitsIn);
    }
}
