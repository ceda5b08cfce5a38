package xlctl.shell.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.shell.script.Clusters.behind;
import static xlctl.shell.script.Clusters.down;
import static xlctl.shell.script.Clusters.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.controller.ExitCode;
import xlctl.controller.RefusedException;
import xlctl.monitor.HostMatrix;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.script.Interpreter.Mode;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.store.HostRecord;
import xlctl.store.StoreException;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

class InterpreterTest {
    private static final String GTM = "add gtm master g h0 1 g\n";
    private static final String C1 = "add coordinator master c1 h1 1 none c none none\n";
    private static final String BAD = "add coordinator master bad h2 1 none c none none\n";
    private static final String C3 = "add coordinator master c3 h3 1 none c none none\n";

    @TempDir private Path home;
    private final FakeCluster cluster = new FakeCluster();
    private final RecordingConsole console = new RecordingConsole();

    @Test
    void runsConsecutiveAddsTogetherAndTheRestOneByOne() {
        ExitCode exit = run(Mode.STOP_AT_FAILURE, GTM + C1 + "start all\nkill all\n" + C3);

        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(cluster.asked)
                .containsExactly(
                        "[add gtm master g h0 1, add coordinator master c1 h1 1]",
                        "[start all]",
                        "[kill all]",
                        "[add coordinator master c3 h3 1]");
        assertThat(console.printed)
                .containsExactly(
                        "add gtm master g h0 1: done (operation 1)",
                        "add coordinator master c1 h1 1: done (operation 2)",
                        "start all: done (operation 3)",
                        "kill all: done (operation 4)",
                        "add coordinator master c3 h3 1: done (operation 5)");
        assertThat(console.reported).contains("[1] working");
    }

    @Test
    void aReadingStatementBetweenAddsSeparatesThem() {
        run(Mode.STOP_AT_FAILURE, GTM + "status\n" + C1);

        assertThat(cluster.asked)
                .containsExactly("[add gtm master g h0 1]", "[add coordinator master c1 h1 1]");
    }

    @Test
    void theFirstFailureEndsAScriptWithItsCode() {
        ExitCode exit = run(Mode.STOP_AT_FAILURE, GTM + BAD + C3 + "start all\nstatus\n");

        assertThat(exit).isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked).hasSize(1);
        assertThat(console.printed).containsExactly("add gtm master g h0 1: done (operation 1)");
        assertThat(console.reported)
                .containsExactly(
                        "[1] working",
                        "s:2: add coordinator master bad h2 1: refused (operation 2)",
                        "  - it is bad",
                        "    to do: take a good one",
                        "s:3: add coordinator master c3 h3 1: refused (operation 3)",
                        "  - undone because one before it failed",
                        "s:3: stopped here; 2 statements after it were not run: s:4 to s:5");
    }

    @Test
    void goesOnAfterAFailureWhenAskedToEachAddForItself() {
        ExitCode exit = run(Mode.KEEP_GOING, GTM + BAD + C3 + "operation rollback 9\n");

        assertThat(exit).isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked)
                .containsExactly(
                        "[add gtm master g h0 1]",
                        "[add coordinator master bad h2 1]",
                        "[add coordinator master c3 h3 1]",
                        "rollback 9");
    }

    @Test
    void hostsThatDoNotReachEachOtherAreNotAsAsked() {
        assertThat(run(Mode.STOP_AT_FAILURE, "host matrix\n")).isEqualTo(ExitCode.DONE);

        HostName host = new HostName("h1");
        cluster.matrix =
                new HostMatrix(
                        List.of(
                                new HostMatrix.Host(
                                        host, Optional.of(Problem.of("h1 is silent", "start it")))),
                        List.of());

        assertThat(run(Mode.STOP_AT_FAILURE, "host matrix --output json\n"))
                .isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(String.join("\n", console.printed)).contains("\"what\": \"h1 is silent\"");
        assertThat(console.reported).isEmpty();
    }

    @Test
    void quitEndsAScript() {
        assertThat(run(Mode.STOP_AT_FAILURE, GTM + "quit\n" + C1)).isEqualTo(ExitCode.DONE);
        assertThat(cluster.asked).containsExactly("[add gtm master g h0 1]");
    }

    @Test
    void aDryRunShowsPlansAndChangesNothing() {
        ExitCode exit = run(Mode.DRY_RUN, GTM + BAD + "stop all\nmonitor all\n");

        assertThat(exit).isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked)
                .containsExactly(
                        "plan [add gtm master g h0 1, add coordinator master bad h2 1, stop -m fast all]");
        assertThat(console.printed)
                .containsExactly(
                        "add gtm master g h0 1:",
                        "  nothing to do",
                        "add coordinator master bad h2 1: would be refused",
                        "  - it is bad",
                        "    to do: take a good one",
                        "stop -m fast all:",
                        "  nothing to do");
    }

    @Test
    void aDryRunDoesNotAcceptHostsNorResume() {
        assertThat(run(Mode.DRY_RUN, "host accept h\n")).isEqualTo(ExitCode.MALFORMED);
        assertThat(run(Mode.DRY_RUN, "operation resume 1\n")).isEqualTo(ExitCode.MALFORMED);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void monitorPrintsALineAMember() {
        cluster.view =
                Clusters.of(
                        up(NodeKind.GTM, "gtm_m_1", "h0"),
                        up(NodeKind.COORDINATOR, "coord_m_1", "h1"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor all\n")).isEqualTo(ExitCode.DONE);
        assertThat(console.printed)
                .containsExactly("Running: gtm master", "Running: coordinator master coord_m_1");
        assertThat(console.reported).isEmpty();
    }

    @Test
    void monitorFailsWhenAMemberIsDownOrDegraded() {
        cluster.view =
                Clusters.of(
                        down(NodeKind.COORDINATOR, "coord_m_1", "h1"),
                        behind(NodeKind.DATANODE, "data_m_1", "h2"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor all\n")).isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(console.printed)
                .containsExactly(
                        "Not running: coordinator master coord_m_1",
                        "Running: datanode master data_m_1");
        assertThat(console.reported)
                .containsExactly(
                        "Warning: coordinator master coord_m_1: it is down since noon: its process ended with status 1",
                        "Warning: datanode master data_m_1: its agent is silent",
                        "Warning: datanode master data_m_1: its catalog is at version 6, not 7");
        assertThat(run(Mode.STOP_AT_FAILURE, "monitor data_m_1\n"))
                .isEqualTo(ExitCode.NOT_AS_ASKED);
    }

    @Test
    @DisplayName("D27: monitor shows the members of the kind that was named")
    void monitorLooksOnlyAtItsTarget() {
        cluster.view =
                Clusters.of(
                        up(NodeKind.GTM, "gtm_m_1", "h0"),
                        down(NodeKind.COORDINATOR, "coord_m_1", "h1"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor gtm\n")).isEqualTo(ExitCode.DONE);
        assertThat(console.printed).containsExactly("Running: gtm master");
    }

    @Test
    void whatIsNotThereIsNotHealthy() {
        cluster.view = Clusters.of(up(NodeKind.GTM, "gtm_m_1", "h0"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor nobody --output json\n"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(console.printed).isEmpty();

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor nobody gtm_m_1 --output json\n"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(String.join("\n", console.printed))
                .contains("\"healthy\": false", "gtm_m_1", "\"running\": true");
    }

    @Test
    void monitorNamesAProxyAsPgxcCtlDoes() {
        cluster.view =
                Clusters.of(
                        up(NodeKind.GTM_PROXY, "gtm_pxy_1", "h0"),
                        down(NodeKind.GTM_PROXY, "gtm_pxy_2", "h1"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor gtm_proxy\n"))
                .isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(console.printed)
                .containsExactly(
                        "Running: gtm proxy gtm_pxy_1", "Not running: gtm proxy gtm_pxy_2");
        assertThat(console.reported.get(0)).startsWith("Warning: gtm proxy gtm_pxy_2: ");
    }

    @Test
    void aDeepMonitorNamesTheCoordinatorThroughWhichWritesFail() {
        cluster.view =
                Clusters.of(
                        up(NodeKind.GTM, "gtm_m_1", "h0"),
                        up(NodeKind.COORDINATOR, "coord_m_1", "h1"),
                        up(NodeKind.COORDINATOR, "coord_m_2", "h2"));
        cluster.troubles.put("coord_m_2", "reads work, writes fail: no space");

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor all\n")).isEqualTo(ExitCode.DONE);
        assertThat(run(Mode.STOP_AT_FAILURE, "monitor --deep coord_m_1\n"))
                .isEqualTo(ExitCode.DONE);
        console.printed.clear();
        assertThat(run(Mode.STOP_AT_FAILURE, "monitor --deep all\n"))
                .isEqualTo(ExitCode.NOT_AS_ASKED);

        assertThat(cluster.asked)
                .containsExactly("deep [coord_m_1.1]", "deep [coord_m_1.1, coord_m_2.1]");
        assertThat(console.printed)
                .containsExactly(
                        "Running: gtm master",
                        "Running: coordinator master coord_m_1",
                        "Running: coordinator master coord_m_2");
        assertThat(console.reported)
                .containsExactly(
                        "Warning: coordinator master coord_m_2: reads work, writes fail: no space");
    }

    @Test
    void aDeepMonitorTriesOnlyCoordinatorsThatRun() {
        cluster.view =
                Clusters.of(
                        up(NodeKind.GTM, "gtm_m_1", "h0"),
                        down(NodeKind.COORDINATOR, "coord_m_1", "h1"));

        assertThat(run(Mode.STOP_AT_FAILURE, "monitor --deep all\n"))
                .isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(cluster.asked).containsExactly("deep []");
        assertThat(run(Mode.STOP_AT_FAILURE, "monitor --deep gtm\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(console.reported)
                .contains("  - there is no coordinator to read and write through");
    }

    @Test
    void refusesNamesThatAreNotInTheCluster() {
        cluster.view = Clusters.of(up(NodeKind.COORDINATOR, "coord_m_1", "h1"));

        assertThat(run(Mode.KEEP_GOING, "monitor coord_m_2\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(run(Mode.KEEP_GOING, "monitor datanode coord_m_1\n"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run(Mode.KEEP_GOING, "monitor gtm\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(run(Mode.KEEP_GOING, "show config host h2\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(console.printed).isEmpty();
        assertThat(console.reported)
                .containsExactly(
                        "s:1: monitor: refused",
                        "  - there is no node coord_m_2",
                        "    to do: did you mean \"coord_m_1\"?",
                        "s:1: monitor: refused",
                        "  - coord_m_1 is no datanode but a coordinator",
                        "    to do: leave the kind out, or name a datanode",
                        "s:1: monitor: refused",
                        "  - the cluster has no gtm",
                        "    to do: status shows what it has",
                        "s:1: show config: refused",
                        "  - there is no host with a member h2",
                        "    to do: did you mean \"h1\"?");
    }

    @Test
    void statusFailsWhenAMemberIsDown() {
        cluster.view = Clusters.of(down(NodeKind.COORDINATOR, "coord_m_1", "h1"));

        assertThat(run(Mode.STOP_AT_FAILURE, "status\n")).isEqualTo(ExitCode.NOT_AS_ASKED);
    }

    @Test
    void tellsNoticesOfWhatIsDone() {
        assertThat(run(Mode.STOP_AT_FAILURE, "operation resume 3\n")).isEqualTo(ExitCode.DONE);
        assertThat(console.printed).containsExactly("operation 3: done");
        assertThat(console.reported).containsExactly("Notice: one host is away");
    }

    @Test
    void endsAnOperationWithoutTheHostsThatAreNamed() {
        run(Mode.STOP_AT_FAILURE, "operation rollback 3 --lost h2\noperation resume 3 --lost h2\n");

        assertThat(cluster.asked).contains("rollback 3 without [h2]");
    }

    @Test
    void acceptsAHostByItsFingerprint() {
        ExitCode exit =
                run(Mode.STOP_AT_FAILURE, "host accept h1 h1:7000 " + FakeCluster.FINGERPRINT);

        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(cluster.asked).containsExactly("accept h1");
        assertThat(console.printed)
                .containsExactly(
                        "host h1 is registered: agent at h1:7000, key " + FakeCluster.FINGERPRINT);
    }

    @Test
    void refusesAHostWithAnotherFingerprint() {
        String other = "SHA256:" + "o".repeat(43);

        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1 " + other))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked).isEmpty();
        assertThat(console.reported.get(0)).contains(FakeCluster.FINGERPRINT).contains(other);
    }

    @Test
    void refusesAnotherFingerprintOfAHostThatIsRegistered() {
        cluster.registered =
                Optional.of(
                        new HostRecord(
                                new HostName("h1"),
                                HostPort.parse("h1:7422"),
                                "ssh-ed25519 AAAA",
                                Clusters.NOON));
        String other = "SHA256:" + "o".repeat(43);

        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1 " + other))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(console.reported.get(0)).contains(FakeCluster.FINGERPRINT).contains(other);
        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1")).isEqualTo(ExitCode.DONE);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void acceptsAHostOnlyWhenThePersonSaysYes() {
        console.answer = Optional.of(false);
        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1\n")).isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked).isEmpty();

        console.answer = Optional.of(true);
        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1\n")).isEqualTo(ExitCode.DONE);
        assertThat(cluster.asked).containsExactly("accept h1");
        assertThat(console.reported).contains("  " + FakeCluster.FINGERPRINT);
    }

    @Test
    void acceptsNoHostWhereNobodyCanBeAsked() {
        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1\n")).isEqualTo(ExitCode.MALFORMED);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void acceptsNoHostWhoseAgentSaysOtherwise() {
        cluster.claimedFingerprint = Optional.of("SHA256:" + "z".repeat(43));

        assertThat(run(Mode.STOP_AT_FAILURE, "host accept h1 " + FakeCluster.FINGERPRINT))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void turnsExceptionsIntoExitCodes() {
        assertThat(failing(new StoreException.Unreachable("no ZooKeeper at x", null)))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(failing(new StoreException.Denied("not yours", null)))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(failing(new StoreException.Unreadable("/xlctl/c/topology is broken", null)))
                .isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(
                        failing(
                                new AgentUnreachableException(
                                        new HostName("h"), Problem.of("silent", "start it"), null)))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(failing(new RefusedException(Problem.of("changed", "look again"))))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(failing(new IllegalStateException("boo"))).isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(console.reported)
                .containsExactly(
                        "s:1: no ZooKeeper at x",
                        "s:1: not yours",
                        "s:1: /xlctl/c/topology is broken",
                        "s:1: the agent of h cannot be reached",
                        "  - silent",
                        "    to do: start it",
                        "s:1: refused",
                        "  - changed",
                        "    to do: look again",
                        "s:1: this is a fault of xlctl: java.lang.IllegalStateException: boo",
                        "XLCTL_DEBUG=1 in the environment shows where it happened.");
    }

    @Test
    void needsNoClusterForWhatDoesNotConcernOne() {
        RuntimeException unreachable = new StoreException.Unreachable("nowhere", null);

        assertThat(failing(unreachable, "help\nconfig show\nhistory\nquit\n"))
                .isEqualTo(ExitCode.DONE);
        assertThat(console.printed)
                .contains("add gtm master NAME HOST PORT DIR [SERVICE]", "status");
    }

    @Test
    void helpRefusesAWordItDoesNotKnow() {
        assertThat(run(Mode.STOP_AT_FAILURE, "help strat\n")).isEqualTo(ExitCode.MALFORMED);
        assertThat(console.reported)
                .containsExactly("s:1: \"strat\" is not a command: did you mean \"start\"?");
    }

    @Test
    @Timeout(20)
    void cancellingEndsTheScriptWithWhatBecameOfTheChange() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        cluster.waitForCancel = Optional.of(waiting);
        try (Interpreter interpreter = interpreter(Mode.KEEP_GOING)) {
            assertThat(interpreter.cancel()).isFalse();
            CompletableFuture<ExitCode> exit =
                    CompletableFuture.supplyAsync(
                            () -> interpreter.run(items("start all\nkill all\n")));
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(interpreter.cancel()).isTrue();

            assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.NOT_AS_ASKED);
        }
        assertThat(cluster.asked).containsExactly("[start all]", "cancel");
        assertThat(console.reported)
                .contains(
                        "  - it was interrupted, and undone",
                        "s:1: stopped here; 1 statement after it was not run: s:2");
        assertThat(cluster.closed).isTrue();
    }

    @Test
    @Timeout(20)
    void anAgentThatIsSilentNeedNotBeWaitedForByWhoAcceptsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        cluster.silentAgent = Optional.of(asked);
        try (Interpreter interpreter = interpreter(Mode.STOP_AT_FAILURE)) {
            CompletableFuture<ExitCode> exit =
                    CompletableFuture.supplyAsync(() -> interpreter.run(items("host accept h1\n")));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(interpreter.interrupt()).isTrue();

            assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.NOT_AS_ASKED);
        }
        assertThat(console.reported).containsExactly("Interrupted: nothing was changed.");
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void theNewPasswordOfClientsIsPutIntoTheFilesThatWereWrittenHere() throws Exception {
        Path given = home.resolve("given");
        Files.writeString(home.resolve("pgpass"), "*:*:*:app:old\n");
        Files.writeString(home.resolve("pg_service.conf"), "[c]\n");
        run(Mode.STOP_AT_FAILURE, "access " + given + "\n");
        Files.writeString(given.resolve("pgpass"), "*:*:*:app:old\n");
        console.printed.clear();

        ExitCode exit = run(Mode.STOP_AT_FAILURE, "rotate passwords\n");

        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(console.printed)
                .containsExactly(
                        "rotate passwords: done (operation 1)",
                        "The new password of app is in "
                                + home.resolve("pgpass")
                                + ", "
                                + given.resolve("pgpass")
                                + ".");
        assertThat(console.reported).anyMatch(line -> line.contains("password of app is another"));
        assertThat(home.resolve("pgpass")).hasContent("*:*:*:app:hidden\n");
        assertThat(given.resolve("pgpass")).hasContent("*:*:*:app:hidden\n");
    }

    @Test
    void aRotationIsDoneEvenIfTheFilesOfClientsCouldNotBeRenewedYet() {
        cluster.loginFailure =
                Optional.of(new StoreException.Unreachable("ZooKeeper does not answer", null));

        ExitCode exit = run(Mode.STOP_AT_FAILURE, "rotate passwords\n");

        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(console.printed).containsExactly("rotate passwords: done (operation 1)");
        assertThat(console.reported)
                .anyMatch(line -> line.contains("old password") && line.contains("access DIR"));
    }

    private ExitCode run(Mode mode, String script) {
        try (Interpreter interpreter = interpreter(mode)) {
            return interpreter.run(items(script));
        }
    }

    private ExitCode failing(RuntimeException e) {
        return failing(e, "status\n");
    }

    private ExitCode failing(RuntimeException e, String script) {
        try (Interpreter interpreter =
                new Interpreter(
                        settings(),
                        console,
                        Mode.STOP_AT_FAILURE,
                        () -> {
                            throw e;
                        })) {
            return interpreter.run(items(script));
        }
    }

    private Interpreter interpreter(Mode mode) {
        return new Interpreter(settings(), console, mode, () -> cluster);
    }

    private Settings settings() {
        return Settings.read(new Home(home), Map.of("XLCTL_CLUSTER", "c"), Map.of());
    }

    private static List<Item> items(String script) {
        return Script.read(script.getBytes(UTF_8), "s", new Parser(TextFiles.below(Path.of(""))))
                .items();
    }
}
