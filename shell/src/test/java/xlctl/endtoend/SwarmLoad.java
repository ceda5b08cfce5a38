package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A client that writes rows, one transaction after the other, each into the table {@code here} of a
 * coordinator and into {@code there} of a datanode, and notes what was acknowledged.
 */
final class SwarmLoad {
    private static final String LOOP =
            "n=0; until [[ -e /tmp/stop ]]; do n=$((n + 1));"
                    + " if psql -XqAt -v ON_ERROR_STOP=1 \"service=$1\""
                    + " -c \"INSERT INTO here VALUES ($n); INSERT INTO there VALUES ($n)\""
                    + " 2>>\"$2.errors\"; then echo \"$n\" >>\"$2\"; else sleep 0.2; fi; done";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SwarmClient client;
    private final String coordinator;
    private final String notes;
    private final RunningProgram loop;

    private SwarmLoad(SwarmClient client, String coordinator) throws IOException {
        this.client = client;
        this.coordinator = coordinator;
        this.notes = "/tmp/acknowledged-" + coordinator;
        this.loop = client.start("bash", "-c", LOOP, "load", coordinator, notes);
    }

    /** Makes both tables, and writes into them until {@link #end}. */
    static SwarmLoad start(
            SwarmCluster cluster, SwarmClient client, String coordinator, String datanode)
            throws IOException, InterruptedException {
        cluster.sqlOfSuperuser(
                datanode.replace('_', '-'),
                "data",
                "CREATE TABLE there (n int PRIMARY KEY);"
                        + " GRANT SELECT, INSERT ON there TO xlctl_internal");
        client.sql(coordinator, "SET xl.allow_local = on; CREATE TABLE here (n int PRIMARY KEY)");
        cluster.sqlOfSuperuser(
                coordinator.replace('_', '-'),
                "coord",
                "SET xl.allow_local = on; CREATE FOREIGN TABLE there (n int) SERVER "
                        + datanode
                        + "; GRANT SELECT, INSERT ON there TO app");
        return new SwarmLoad(client, coordinator);
    }

    /** How many transactions are acknowledged. */
    int count() throws IOException, InterruptedException {
        return acknowledged().size();
    }

    /** Until that many more are. */
    void awaitMore(int more) throws IOException, InterruptedException {
        int before = count();
        await().alias("writes through " + coordinator)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> count() >= before + more);
    }

    private List<String> acknowledged() throws IOException, InterruptedException {
        return client.run("bash", "-c", "cat \"$1\" 2>/dev/null || true", "cat", notes)
                .exits(0)
                .out()
                .lines()
                .toList();
    }

    /** No load writes on. */
    void end() throws IOException, InterruptedException {
        client.run("touch", "/tmp/stop").exits(0);
        loop.end().exits(0);
    }

    /** Every acknowledged row is there, in both tables. */
    void requireRows() throws IOException, InterruptedException {
        List<String> acknowledged = acknowledged();
        assertThat(acknowledged).isNotEmpty();
        for (String table : List.of("here", "there")) {
            assertThat(client.sql(coordinator, "SELECT n FROM " + table).lines())
                    .as("%s of %s", table, coordinator)
                    .containsAll(acknowledged);
        }
    }
}
