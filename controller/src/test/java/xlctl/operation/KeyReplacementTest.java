package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.session.FakeHost;
import xlctl.session.OwnKey;
import xlctl.store.OperationHeader;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

class KeyReplacementTest {
    private final World world = new World("h1", "h2");
    private OwnKey own;
    private ControllerKey first;

    @BeforeEach
    void find() throws IOException {
        own = world.agents().ownKey();
        first = own.publicHalf();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void everyHostLetsInTheNewKeyAndTheOthersAndNotTheOldOne() throws IOException {
        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(own.publicHalf()).isNotEqualTo(first);
        assertThat(keysOf("h1")).containsExactlyInAnyOrder(own.publicHalf(), FakeHost.OTHERS);
        assertThat(keysOf("h2")).isEqualTo(keysOf("h1"));
        assertThat(own.former()).isEmpty();
    }

    @Test
    void theNewKeyIsLetInEverywhereBeforeTheOldOneGoesAnywhere() {
        var unused = rotate();

        List<Class<?>> changes =
                world.agents().requests().stream()
                        .filter(Request.OfKeys.class::isInstance)
                        .<Class<?>>map(Object::getClass)
                        .toList();
        assertThat(changes)
                .containsExactly(
                        Request.AdmitKey.class,
                        Request.AdmitKey.class,
                        Request.WithdrawKey.class,
                        Request.WithdrawKey.class);
    }

    @Test
    void theJournalHasNothingOfThePrivateHalf() throws IOException {
        var unused = rotate();

        List<String> secret =
                Files.readAllLines(own.file()).stream().filter(l -> !l.startsWith("---")).toList();
        String journal = world.controller().planOf(1) + " " + world.store().steps(1);
        assertThat(secret).isNotEmpty().noneMatch(journal::contains);
    }

    @Test
    void hostsThatAreAwayAreNamedBeforehand() throws IOException {
        world.agents().cutOff("h2");

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString()).contains("the agent of host h2 is not reached");
        assertUntouched();
        assertThat(world.operations()).isEmpty();
    }

    @Test
    void aHostWithoutMembersThatIsGoneForGoodCanBeForgotten() throws IOException {
        world.agents().forget(new HostName("h2"));

        assertThat(rotate().problems().toString()).contains("host forget h2");
        Outcome forgotten =
                world.controller()
                        .run(
                                List.of(new Command.ForgetHost(new HostName("h2"))),
                                QUIET,
                                new Cancellation())
                        .get(0);
        Outcome rotated = rotate();

        assertThat(forgotten.end()).isEqualTo(Outcome.End.DONE);
        assertThat(rotated.end()).isEqualTo(Outcome.End.DONE);
        assertThat(keysOf("h1")).doesNotContain(first);
    }

    @Test
    void anAgentThatIsNotRegisteredWouldNotBeToldOfTheKey() throws IOException {
        world.comeUp(new HostName("h3"));

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString())
                .contains("host h3 offers itself and is not registered")
                .contains("host accept h3");
        assertUntouched();
    }

    @Test
    void aHostThatCannotLetTheKeyInKeepsEveryOtherFromItToo() throws IOException {
        world.agents()
                .host("h2")
                .failing(Request.AdmitKey.class, Reply.Failed.refused("read-only", "mend it"));

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString()).contains("have h2 let the new key in: read-only");
        assertUntouched();
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void anOlderAgentThatDoesNotKnowTheRequestIsARefusalAndAllIsTakenBack() throws IOException {
        world.agents()
                .host("h2")
                .failing(
                        Request.AdmitKey.class,
                        new Reply.Failed(
                                Reply.Failed.Kind.UNKNOWN_REQUEST,
                                List.of(Problem.of("AdmitKey is not known", "update it"))))
                .failing(
                        Request.WithdrawKey.class,
                        new Reply.Failed(
                                Reply.Failed.Kind.UNKNOWN_REQUEST,
                                List.of(Problem.of("WithdrawKey is not known", "update it"))));

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertUntouched();
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void aHostLostAtTheEndKeepsTheOperationOpenWhileTheNewKeyWorks() throws IOException {
        world.agents().host("h2").failing(Request.WithdrawKey.class);

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("operation resume 1");
        assertThat(own.publicHalf()).isNotEqualTo(first);
        assertThat(own.former()).contains(first);
        assertThat(keysOf("h2")).contains(own.publicHalf(), first);

        world.agents().host("h2").heal();
        Outcome resumed = world.controller().resume(1, QUIET, new Cancellation());

        assertThat(resumed.end()).isEqualTo(Outcome.End.DONE);
        assertThat(keysOf("h2")).doesNotContain(first);
        assertThat(own.former()).isEmpty();
    }

    @Test
    void aKeyThatAnEarlierReplacementLeftBehindIsWithdrawnToo() throws IOException {
        ControllerKey older = new ControllerKey(first.openSsh());
        var unused = own.make("left behind");
        own.take();
        world.agents().hosts().forEach(host -> host.letInToo(publicHalf()));

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(keysOf("h1")).doesNotContain(older).hasSize(2);
        assertThat(own.former()).isEmpty();
    }

    @Test
    void anotherHomeEndsWhatOneThatUsesTheNewKeyHasBegun(@TempDir Path elsewhere)
            throws IOException {
        world.agents().host("h2").failing(Request.WithdrawKey.class);
        var unused = rotate();
        ControllerKey taken = own.publicHalf();
        loseHome(elsewhere);
        world.agents().host("h2").heal();

        Outcome outcome = world.controller().resume(1, QUIET, new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices())
                .singleElement()
                .asString()
                .contains("in the home that began it", "ssh-key.old");
        assertThat(keysOf("h2"))
                .containsExactlyInAnyOrder(taken, own.publicHalf(), FakeHost.OTHERS);
    }

    @Test
    void anotherHomeTakesBackWhatIsNotCommitted(@TempDir Path elsewhere) throws IOException {
        world.agents()
                .host("h2")
                .failing(Request.AdmitKey.class)
                .failing(Request.WithdrawKey.class);
        var unused = rotate();
        assertThat(world.operations().get(0).state()).isEqualTo(OperationHeader.State.UNDOING);
        loseHome(elsewhere);
        world.agents().host("h2").heal();

        Outcome outcome = world.controller().rollback(1, QUIET, new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices()).singleElement().asString().contains("ssh-key.new");
        assertThat(keysOf("h1"))
                .containsExactlyInAnyOrder(first, own.publicHalf(), FakeHost.OTHERS);
        assertThat(keysOf("h2")).isEqualTo(keysOf("h1"));
    }

    @Test
    void aHomeWithACopyOfTheOldKeyIsSentToTheOneThatHasTheNewOne(@TempDir Path elsewhere)
            throws IOException {
        byte[] copy = Files.readAllBytes(own.file());
        world.agents().host("h2").failing(Request.WithdrawKey.class);
        var unused = rotate();
        Path kept = Files.move(own.file(), elsewhere.resolve("kept"));
        Path former = Files.move(own.formerFile(), elsewhere.resolve("former"));
        Files.write(own.file(), copy);
        world.agents().host("h2").heal();

        Outcome outcome = world.controller().resume(1, QUIET, new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains("this home is a copy", "in the home that has the new key")
                .doesNotContain("rollback");
        Files.delete(own.file());
        Files.move(kept, own.file());
        Files.move(former, own.formerFile());
        assertThat(world.controller().resume(1, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(keysOf("h2")).containsExactlyInAnyOrder(own.publicHalf(), FakeHost.OTHERS);
    }

    @Test
    void aHostThatIsLostIsGivenUpAndTheReplacementTakenBack() throws IOException {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.AdmitKey) {
                                world.agents().host("h1").failing(Request.AdmitKey.class);
                                world.agents().cutOff("h2");
                            }
                        });

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("operation rollback 1 --lost h2");

        Outcome given =
                world.controller()
                        .rollback(1, Set.of(new HostName("h2")), QUIET, new Cancellation());

        assertThat(given.end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.operations().get(0).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertThat(given.notices())
                .singleElement()
                .asString()
                .contains("host h2 is lost", "the line of the new key", "lets nobody in");
        assertThat(own.fresh()).isEmpty();
        assertThat(keysOf("h1")).containsExactlyInAnyOrder(first, FakeHost.OTHERS);
    }

    @Test
    void aHostThatIsLostAtTheEndIsGivenUpAndTheKeyThatOpensItIsNamed() throws IOException {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.WithdrawKey) {
                                world.agents().cutOff("h2");
                            }
                        });
        assertThat(rotate().problems().toString()).contains("operation resume 1 --lost h2");

        Outcome outcome =
                world.controller().resume(1, Set.of(new HostName("h2")), QUIET, new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices()).singleElement().asString().contains(first.openSsh());
        assertThat(own.former()).isEmpty();
        assertThat(keysOf("h1")).containsExactlyInAnyOrder(own.publicHalf(), FakeHost.OTHERS);
    }

    @Test
    void aNewKeyThatWasLeftBehindIsNotUsed() throws IOException {
        var unused = own.make("of long ago");

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString()).contains("ssh-key.new", "remove it");
        own.drop();
        assertThat(rotate().end()).isEqualTo(Outcome.End.DONE);
    }

    /** The key that hosts let in is in another home from here on. */
    private void loseHome(Path elsewhere) throws IOException {
        LostHomeTest.lose(world, elsewhere);
    }

    @Test
    void withoutTheFileOfTheNewKeyTheJournalKnowsWhatToTakeBack() throws IOException {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.AdmitKey) {
                                drop();
                                world.agents().host("h1").failing(Request.AdmitKey.class);
                                world.agents().host("h2").failing(Request.AdmitKey.class);
                            }
                        });

        Outcome outcome = rotate();

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(world.operations().get(0).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertUntouched();
    }

    private void drop() {
        try {
            own.drop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ControllerKey publicHalf() {
        try {
            return own.publicHalf();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertUntouched() throws IOException {
        assertThat(own.publicHalf()).isEqualTo(first);
        assertThat(own.fresh()).isEmpty();
        assertThat(keysOf("h1")).containsExactlyInAnyOrder(first, FakeHost.OTHERS);
        assertThat(keysOf("h2")).containsExactlyInAnyOrder(first, FakeHost.OTHERS);
    }

    private Set<ControllerKey> keysOf(String host) {
        return world.agents().host(host).keys();
    }

    private Outcome rotate() {
        return world.controller()
                .run(List.of(new Command.RotateKeys()), QUIET, new Cancellation())
                .get(0);
    }
}
