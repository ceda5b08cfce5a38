package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operation needs is away in its middle: ZooKeeper, an agent, the shell that runs it. */
@Tag("slow")
class OutageIT extends SharedCluster {
    private static final String[] ADD = QuickstartCluster.datanode("data_m_4", 3, 5433);
    private static final Pattern RESUME = Pattern.compile("operation resume (\\d+)");

    /** As the granted session timeout, and a slow machine. */
    private static final Duration LOCK_GONE = Duration.ofSeconds(10 + 20);

    @Test
    void anAgentFrozenForHalfAMinuteOnlyDelaysWhatItDoes() throws Exception {
        RunningProgram add = cluster.start(ADD).awaitProgress("initdb in");
        cluster.freezeAgent(3);
        try {
            add.awaitProgress("nothing new from host 127.0.1.3 for 10 s");
            add.awaitProgress("from host 127.0.1.3 for 20 s");
            await().pollDelay(Duration.ofSeconds(10))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> true);
        } finally {
            cluster.thawAgent(3);
        }

        add.end().exits(0);
        cluster.awaitCatalog(2, SEVEN + " data_m_4");
        removeIt();
    }

    @Test
    void aCommandForAFrozenAgentEndsInTimeAndDelaysNoOther() throws Exception {
        cluster.freezeAgent(3);
        try {
            long began = System.nanoTime();
            Outcome add = cluster.xlctl(ADD).exits(3);

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofMinutes(1));
            assertThat(add.err())
                    .contains("127.0.1.3", "it accepts connections, but the SSH login was not");
            cluster.xlctl("stop", "data_m_3").exits(0);
            cluster.xlctl("start", "data_m_3").exits(0);
            assertThat(cluster.sql(2, "SELECT 1")).isEqualTo("1");
        } finally {
            cluster.thawAgent(3);
        }
        cluster.awaitHealth();
    }

    @Test
    void aStoppedZooKeeperLeavesAnOperationThatCanBeResumed() throws Exception {
        RunningProgram add = cluster.start(ADD).awaitProgress("initdb in");
        cluster.killZooKeeper();

        Outcome stopped = add.end().exits(3);

        assertThat(stopped.err()).contains("ZooKeeper").containsPattern(RESUME);
        cluster.quickstart().exits(0);
        awaitDone("operation", "resume", numberIn(stopped.err()));
        cluster.awaitCatalog(2, SEVEN + " data_m_4");
        removeIt();
    }

    @Test
    void aRestartedZooKeeperOnlyDelaysAnOperation() throws Exception {
        RunningProgram add = cluster.start(ADD).awaitProgress("initdb in");
        cluster.killZooKeeper();
        cluster.quickstart().exits(0);

        add.end().exits(0);

        cluster.awaitCatalog(2, SEVEN + " data_m_4");
        removeIt();
    }

    @Test
    void aZooKeeperThatTakesSecondsForEachAnswerOnlyDelaysAnOperation() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Thread slow = new Thread(() -> slowDown(over), "slow-zookeeper");
        slow.start();
        try {
            cluster.xlctl(ADD).exits(0);
        } finally {
            over.countDown();
            slow.join();
        }
        cluster.awaitCatalog(2, SEVEN + " data_m_4");
        removeIt();
    }

    @Test
    void aKilledShellLeavesItsOperationToAnother() throws Exception {
        cluster.start(ADD).awaitProgress("initdb in").kill();
        long killed = System.nanoTime();

        String list = cluster.xlctl("operation", "list").exits(0).out();
        Matcher open =
                Pattern.compile("(?m)^(\\d+) +running .* add datanode master data_m_4 ")
                        .matcher(list);
        assertThat(open.find()).as(list).isTrue();
        String number = open.group(1);
        assertThat(cluster.xlctl("status").out()).contains("operation " + number);
        assertThat(cluster.xlctl("stop", "data_m_1").exits(4).err())
                .contains("operation " + number + " is open", "operation resume " + number);

        awaitDone("operation", "rollback", number);

        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LOCK_GONE);
        assertThat(cluster.data(3, "data_m_4")).doesNotExist();
    }

    /** Three seconds of silence, an instant of work, and again. */
    private void slowDown(CountDownLatch over) {
        try {
            boolean last = false;
            while (!last) {
                cluster.freezeZooKeeper();
                last = over.await(3, TimeUnit.SECONDS);
                cluster.thawZooKeeper();
                last = last || over.await(300, TimeUnit.MILLISECONDS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void removeIt() throws Exception {
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
    }

    private static String numberIn(String text) {
        Matcher number = RESUME.matcher(text);
        assertThat(number.find()).as(text).isTrue();
        return number.group(1);
    }

    /** The lock of who was killed goes with their ZooKeeper session. */
    private void awaitDone(String... words) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> cluster.xlctl(words).exits(0));
    }
}
