package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.SshAgents;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;

/** The image, and a member in a container of it from its first to its second life. */
@Tag(DockerEngine.TAG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImageIT {
    private static final HostName HOST = new HostName(ContainerCluster.HOST);
    private static final Pattern HOST_KEY = Pattern.compile("host key (SHA256:\\S+)");
    private static final String RUNNING = "Running: gtm master\n";

    private DockerEngine engine;
    private ContainerCluster cluster;

    @BeforeAll
    void start(@TempDir(factory = ShortPath.class) Path work) throws Exception {
        engine = DockerEngine.required(work);
        cluster = ContainerCluster.start(engine);
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void holdsNoSecret() throws Exception {
        String environment =
                engine.docker(
                                "image",
                                "inspect",
                                "--format",
                                "{{range .Config.Env}}{{println .}}{{end}}",
                                engine.image())
                        .exits(0)
                        .out();
        Outcome keys =
                asRoot(
                                "grep",
                                "-rlIE",
                                "BEGIN [A-Z ]*PRIVATE KEY",
                                "/etc",
                                "/home",
                                "/opt",
                                "/root")
                        .exits(1);
        Outcome files =
                asRoot(
                                "find",
                                "/var/lib/xlctl",
                                "/run/secrets",
                                "/run/configs",
                                "/etc/ssl/private",
                                "-type",
                                "f")
                        .exits(0);

        assertThat(environment.lines().filter(line -> !line.isEmpty()))
                .allMatch(line -> line.startsWith("PATH=") || line.startsWith("LANG="));
        assertThat(keys.out()).isEmpty();
        assertThat(files.out()).isEmpty();
    }

    @Test
    @Order(2)
    void runsAsAnUnprivilegedUserBelowTini() throws Exception {
        assertThat(cluster.inMember("cat", "/proc/1/comm").exits(0).out()).isEqualTo("tini\n");
        assertThat(cluster.inMember("id", "-u").exits(0).out()).isEqualTo("5432\n");
        assertThat(cluster.inMember("stat", "-c", "%U %a", "/var/lib/xlctl").exits(0).out())
                .isEqualTo("postgres 700\n");
        assertThat(cluster.inMember("touch", "/opt/xlctl/lib/agent/classes.jsa").exit())
                .isNotZero();
    }

    @Test
    @Order(3)
    void answersToTheControllersSession() throws Exception {
        try (SshAgents agents =
                new SshAgents(
                        ContainerCluster.NAME,
                        cluster.home().sshKey(),
                        "test",
                        Duration.ofSeconds(10))) {
            String key = agents.offeredKey(HOST, cluster.agent());
            AgentConnection agent =
                    agents.to(new HostRecord(HOST, cluster.agent(), key, Instant.EPOCH));

            Reply welcome = ask(agent, Request.Hello.now("test"));
            Reply report = ask(agent, new Request.Inspect());

            assertThat(welcome).isInstanceOf(Reply.Welcome.class);
            assertThat(report)
                    .isInstanceOfSatisfying(
                            Reply.HostReport.class,
                            host -> {
                                assertThat(host.host()).isEqualTo(HOST);
                                assertThat(host.engine().problems()).isEmpty();
                            });
        }
    }

    @Test
    @Order(4)
    void isHealthyExactlyWhileTheAgentAnswers() throws Exception {
        cluster.awaitHealthy();
        cluster.inMember("/opt/xlctl/bin/container", "health").exits(0);

        signalAgent("STOP");
        Outcome stopped = cluster.inMember("/opt/xlctl/bin/container", "health");
        signalAgent("CONT");

        assertThat(stopped.exits(1).out()).isEqualTo("the agent: no answer\n");
        cluster.inMember("/opt/xlctl/bin/container", "health").exits(0);
    }

    @Test
    @Order(5)
    void runsAServer() throws Exception {
        Matcher key = HOST_KEY.matcher(engine.docker("logs", cluster.memberId()).err());
        assertThat(key.find()).isTrue();
        cluster.xlctl("host", "accept", ContainerCluster.HOST, key.group(1)).exits(0);

        cluster.xlctl("add", "gtm", "master", "gtm_m_1", ContainerCluster.HOST, "5432", "gtm")
                .exits(0);

        assertThat(cluster.xlctl("monitor", "all").exits(0).out()).isEqualTo(RUNNING);
    }

    @Test
    @Order(6)
    void stopsTheServerCleanlyWithTheContainer() throws Exception {
        Instant begun = Instant.now();
        engine.docker("stop", "--time", "60", cluster.memberId()).exits(0);

        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(cluster.state("{{.State.ExitCode}}")).isEqualTo("143");
        assertThat(engine.docker("logs", cluster.memberId()).exits(0).err())
                .contains("gtm_m_1.1: stopped (fast)");
    }

    @Test
    @Order(7)
    void bringsTheServerBackWithTheContainer() throws Exception {
        engine.docker("start", cluster.memberId()).exits(0);

        assertThat(cluster.health()).isEqualTo("starting");
        cluster.awaitRunning(RUNNING);
        cluster.awaitHealthy();
    }

    /** As root in a container that has nothing but the image, and of which nothing stays. */
    private Outcome asRoot(String program, String... arguments) throws Exception {
        return engine.docker(
                Stream.concat(
                                Stream.of(
                                        "run",
                                        "--rm",
                                        "--user=0",
                                        "--network=none",
                                        "--entrypoint=" + program,
                                        engine.image()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private void signalAgent(String signal) throws Exception {
        cluster.inMember(
                        "bash",
                        "-c",
                        "for process in /proc/[0-9]*; do"
                                + " [[ $(<\"$process/comm\") != java ]] ||"
                                + " kill -s \"$1\" \"${process#/proc/}\"; done",
                        "signal",
                        signal)
                .exits(0);
    }

    private static Reply ask(AgentConnection agent, Request request) throws Exception {
        return agent.call(request, line -> {}).get(30, TimeUnit.SECONDS);
    }
}
