package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong around a cluster: processes killed at bad moments. */
@Tag("slow")
class AccidentIT extends SharedCluster {
    private static final String[] ADD = QuickstartCluster.datanode("data_m_4", 3, 5433);

    @Test
    void bringsAServerBackThatDiedWithItsAgent() throws Exception {
        ProcessHandle server = cluster.server(7, "data");
        cluster.killAgent(7);
        cluster.kill(server);
        Outcome down = cluster.xlctl("monitor", "data_m_3").exits(1);
        assertThat(down.out()).isEqualTo("Not running: datanode master data_m_3\n");

        cluster.startAgent(7);

        cluster.awaitHealth();
        assertThat(cluster.server(7, "data")).isNotEqualTo(server);
        assertThat(cluster.xlctl("status").exits(0).out().lines())
                .anyMatch(line -> line.matches("data_m_3 .* master +master +current"));
    }

    @Test
    void goesOnFromAKilledZooKeeper() throws Exception {
        cluster.killZooKeeper();
        cluster.xlctl("monitor", "all").exits(3);
        assertThat(cluster.catalog(2)).isEqualTo(SEVEN);

        Outcome again = cluster.quickstart().exits(0);

        assertThat(again.out()).contains("Starting ZooKeeper").doesNotContain("agent");
        cluster.awaitHealth();
        cluster.xlctl(ADD).exits(0);
        cluster.awaitCatalog(6, SEVEN + " data_m_4");
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
    }

    @Test
    void undoesAnAddWhoseShellWasKilled() throws Exception {
        long number = killedDuringAnAdd();

        awaitDone("operation", "rollback", Long.toString(number));

        assertThat(cluster.xlctl("operation", "list").exits(0).out())
                .containsPattern("(?m)^" + number + " +undone ");
        assertThat(cluster.data(3, "data_m_4")).doesNotExist();
        assertThat(cluster.catalog(2)).isEqualTo(SEVEN);
    }

    @Test
    void finishesAnAddWhoseShellWasKilled() throws Exception {
        long number = killedDuringAnAdd();

        awaitDone("operation", "resume", Long.toString(number));

        assertThat(cluster.xlctl("operation", "list").exits(0).out())
                .containsPattern("(?m)^" + number + " +done ");
        cluster.awaitCatalog(2, SEVEN + " data_m_4");
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
    }

    @Test
    void refusesASecondChangeAndNamesWhoIsAtWork() throws Exception {
        RunningProgram first = cluster.start(ADD).awaitProgress("prepare data_m_4");

        Outcome second = cluster.xlctl("--no-wait", "stop", "data_m_1").exits(4);

        assertThat(second.err())
                .contains(System.getProperty("user.name"), "add datanode master data_m_4");
        first.end().exits(0);
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
    }

    @Test
    void theLockOfAKilledShellGoesWithItsSession() throws Exception {
        cluster.start(ADD).awaitProgress("initdb in").kill();
        long killed = System.nanoTime();

        Outcome next = cluster.xlctl("--wait", "1m", "stop", "data_m_1").exits(4);

        assertThat(next.err())
                .contains(
                        "Waiting: up to ",
                        System.getProperty("user.name"),
                        "is open: add datanode");
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(30));
        awaitDone("operation", "rollback", Long.toString(openAdd()));
    }

    @Test
    void aFrozenShellDoesNothingMoreOnceSomeoneTookItsOperationOver() throws Exception {
        RunningProgram frozen = cluster.start(ADD).awaitProgress("initdb in").freeze();
        long number = openAdd();

        cluster.xlctl("--wait", "1m", "operation", "rollback", Long.toString(number)).exits(0);
        Outcome woken = frozen.thaw().end().exits(1);

        assertThat(woken.err()).contains("operation " + number + " was taken over by someone else");
        assertThat(cluster.xlctl("operation", "list").exits(0).out())
                .containsPattern("(?m)^" + number + " +undone ");
        assertThat(cluster.data(3, "data_m_4")).doesNotExist();
    }

    private long openAdd() throws Exception {
        String list = cluster.xlctl("operation", "list").exits(0).out();
        Matcher open =
                Pattern.compile("(?m)^(\\d+) +running .* add datanode master data_m_4 ")
                        .matcher(list);
        assertThat(open.find()).as(list).isTrue();
        return Long.parseLong(open.group(1));
    }

    private long killedDuringAnAdd() throws Exception {
        cluster.start(ADD).awaitProgress("initdb in").kill();

        long number = openAdd();
        assertThat(cluster.xlctl("--no-wait", "stop", "data_m_1").exits(4).err())
                .contains(Long.toString(number));
        return number;
    }

    /** The lock of who was killed goes with their ZooKeeper session. */
    private void awaitDone(String... words) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> cluster.xlctl(words).exits(0));
    }
}
