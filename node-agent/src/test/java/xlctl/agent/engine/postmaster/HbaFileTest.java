package xlctl.agent.engine.postmaster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestSecrets;
import xlctl.agent.tls.TlsFiles;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;

/** When a server is told to read its rules again, also where somebody has set the clock. */
class HbaFileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir private Path directory;
    private final List<String> sent = new ArrayList<>();
    private Path file;

    @BeforeEach
    void rules() throws IOException {
        file = Files.writeString(directory.resolve(HbaFile.NAME), "old");
        written(NOW.minus(MINUTE));
    }

    @Test
    void readsAgainWhatIsRewritten() throws Exception {
        converge("new", NOW.minusSeconds(1));

        assertThat(file).hasContent("new");
        assertThat(sent).contains("SELECT pg_reload_conf()");
    }

    @Test
    void readsAgainWhatIsRewrittenAfterTheClockWasSetBack() throws Exception {
        converge("new", Instant.now().plus(DAY));

        assertThat(sent).contains("SELECT pg_reload_conf()");
    }

    @Test
    void leavesAServerAloneThatHasReadThem() throws Exception {
        converge("old", NOW.minusSeconds(1));

        assertThat(sent).doesNotContain("SELECT pg_reload_conf()");
    }

    @Test
    void readsAgainWhatACrashKeptFromBeingRead() throws Exception {
        converge("old", NOW.minus(MINUTE.multipliedBy(2)));

        assertThat(sent).contains("SELECT pg_reload_conf()");
    }

    @Test
    void takesATimeThatIsStillToComeForNone() throws Exception {
        converge("old", NOW.plus(DAY));

        assertThat(sent).contains("SELECT pg_reload_conf()");
    }

    @Test
    void readsAFileOfTomorrowOnceAndNotUntilTomorrow() throws Exception {
        written(NOW.plus(DAY));
        converge("old", NOW.minus(MINUTE));
        assertThat(sent).contains("SELECT pg_reload_conf()");
        sent.clear();

        converge("old", NOW.plusSeconds(1), NOW.plusSeconds(2));

        assertThat(sent).doesNotContain("SELECT pg_reload_conf()");
    }

    private void written(Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private void converge(String wanted, Instant read) throws Exception {
        converge(wanted, read, NOW);
    }

    private void converge(String wanted, Instant read, Instant now) throws Exception {
        HbaFile.converge(site(), wanted, server(read, now));
    }

    /** What a server says of when it read its files, and of now. */
    private Connection server(Instant read, Instant now) {
        List<Instant> times = List.of(read, now);
        ResultSet row =
                fake(
                        ResultSet.class,
                        (proxy, method, arguments) ->
                                method.getName().equals("getObject")
                                        ? times.get((int) arguments[0] - 1).atOffset(ZoneOffset.UTC)
                                        : true);
        Statement statement =
                fake(
                        Statement.class,
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                return null;
                            }
                            sent.add((String) arguments[0]);
                            return method.getReturnType() == boolean.class ? true : row;
                        });
        return fake(Connection.class, (proxy, method, arguments) -> statement);
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        HbaFileTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Site site() {
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        EngineKind.POSTGRESQL,
                        NodeKind.GTM,
                        new Instance(
                                InstanceName.parse("gtm_1.1"),
                                new HostName("127.0.0.1"),
                                new Port(5432),
                                Optional.empty(),
                                new Directory("data"),
                                Optional.empty()),
                        Networks.HOSTS_ONLY,
                        Optional.empty(),
                        OperatorFile.NONE,
                        OperatorFile.NONE),
                TestSecrets.of(NodeKind.GTM),
                "127.0.0.1",
                directory,
                Optional.empty(),
                directory,
                directory,
                new TlsFiles(directory.resolve("tls")));
    }
}
