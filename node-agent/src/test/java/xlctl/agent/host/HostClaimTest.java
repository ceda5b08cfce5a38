package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.store.Presence;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

class HostClaimTest {
    private static final HostName HOST = new HostName("db-1");
    private static final String OWN = "ssh-ed25519 AAAA";
    private static final String OTHER = "ssh-ed25519 BBBB";
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant BEFORE = START.minusSeconds(60);
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final HostClaim claim = new HostClaim(HOST, OWN, START);

    @Test
    void announcesItselfWhereNobodyIs() {
        assertThat(on(Optional.empty(), 0)).isEqualTo(announce(true));
        assertThat(on(presence(OWN, START), 1)).isEqualTo(announce(false));
    }

    @Test
    void waitsForTheSessionOfADeadAgentWithAnotherKeyAndGoesOn() {
        assertThat(on(presence(OTHER, BEFORE), 0))
                .isInstanceOfSatisfying(
                        HostClaim.Wait.class,
                        wait ->
                                assertThat(wait.why())
                                        .contains("at db-1:7422, process 4711, since " + BEFORE)
                                        .contains("within 13 s"));
        assertThat(on(presence(OTHER, BEFORE), 9)).isInstanceOf(HostClaim.Wait.class);

        assertThat(on(Optional.empty(), 10)).isEqualTo(announce(true));
    }

    @Test
    void givesWayToALivingAgentWithAnotherKey() {
        var unused = on(presence(OTHER, BEFORE), 0);

        assertThat(on(presence(OTHER, BEFORE), 13))
                .isInstanceOfSatisfying(
                        HostClaim.GiveWay.class,
                        end ->
                                assertThat(end.problem().toString())
                                        .contains("another agent is host db-1 already")
                                        .contains("process 4711")
                                        .contains("stop that one"));
    }

    @Test
    void onceAnnouncedItStaysThereForTheTimeThatAnotherKeyHasItsHost() {
        var unused = on(Optional.empty(), 0);

        assertThat(on(presence(OTHER, BEFORE), 100)).isInstanceOf(HostClaim.Wait.class);
        assertThat(on(presence(OTHER, BEFORE), 1000)).isInstanceOf(HostClaim.Wait.class);
        assertThat(claim.objection(seconds(1000))).isPresent();
        assertThat(on(Optional.empty(), 1001)).isEqualTo(announce(true));
        assertThat(claim.objection(seconds(1001))).isEmpty();
    }

    @Test
    void takesOverWhatACrashedAgentWithItsKeyLeft() {
        assertThat(on(presence(OWN, BEFORE), 0))
                .isInstanceOfSatisfying(
                        HostClaim.Announce.class,
                        announce -> {
                            assertThat(announce.again()).isTrue();
                            assertThat(announce.insteadOf().get()).contains("process 4711");
                        });
        assertThat(on(presence(OWN, START), 1)).isEqualTo(announce(false));
    }

    @Test
    void startsNoServerUntilWhoeverHasItsKeyCouldHaveTakenTheHostBack() {
        assertThat(claim.objection(0)).isPresent();
        var unused = on(presence(OWN, BEFORE), 0);

        assertThat(claim.objection(seconds(1))).isPresent();
        assertThat(claim.objection(seconds(4))).isEmpty();
    }

    @Test
    void givesWayToTheElderWithItsKeyThatTakesTheHostBack() {
        var unused = on(presence(OWN, BEFORE), 0);

        assertThat(on(presence(OWN, BEFORE), 2))
                .isInstanceOfSatisfying(
                        HostClaim.GiveWay.class,
                        end ->
                                assertThat(end.problem().toString())
                                        .contains("with the same key")
                                        .contains("is a copy")
                                        .contains("a host name and a state directory of its own"));
        assertThat(claim.objection(seconds(100))).isPresent();
    }

    @Test
    void theElderTakesItsHostBackFromACopyOfItself() {
        var unused = on(Optional.empty(), 0);

        assertThat(on(presence(OWN, START.plusSeconds(90)), 100))
                .isInstanceOf(HostClaim.Announce.class);
    }

    @Test
    void ofTwoThatWereAnnouncedLongAgoTheOneThatWasStartedLaterGivesWay() {
        Instant later = START.plusSeconds(90);
        HostClaim copy = new HostClaim(HOST, OWN, later);
        var unused = List.of(on(Optional.empty(), 0), on(copy, Optional.empty(), 0));

        assertThat(on(copy, Optional.of(presence(OWN, START)), 100))
                .isInstanceOf(HostClaim.Announce.class);
        assertThat(on(presence(OWN, later), 101)).isInstanceOf(HostClaim.Announce.class);
        assertThat(on(copy, Optional.of(presence(OWN, START)), 102))
                .isInstanceOf(HostClaim.GiveWay.class);
        assertThat(copy.objection(seconds(1000))).isPresent();
        assertThat(on(presence(OWN, START), 103)).isEqualTo(announce(false));
    }

    @Test
    void startsNoServerAfterZooKeeperWasAwayBeforeItAskedWhoIsAnnounced() {
        var unused = on(Optional.empty(), 0);
        claim.cutOff();

        assertThat(claim.objection(seconds(1))).get().asString().contains("ZooKeeper was away");
        assertThat(on(presence(OWN, START), 2)).isEqualTo(announce(false));
        assertThat(claim.objection(seconds(2))).isEmpty();
    }

    private static HostClaim.Announce announce(boolean again) {
        return new HostClaim.Announce(again, Optional.empty());
    }

    private static HostClaim.Verdict on(HostClaim claim, Optional<Presence> present, long second) {
        return claim.on(present, SESSION, seconds(second));
    }

    private HostClaim.Verdict on(Presence present, long second) {
        return on(Optional.of(present), second);
    }

    private HostClaim.Verdict on(Optional<Presence> present, long second) {
        return on(claim, present, second);
    }

    private static long seconds(long second) {
        return Duration.ofSeconds(second).toNanos();
    }

    private static Presence presence(String key, Instant since) {
        return new Presence(
                HOST,
                "test",
                HostPort.parse("db-1:7422"),
                key,
                -1,
                List.of(),
                since,
                Optional.empty(),
                Optional.empty(),
                Optional.of(4711L));
    }
}
