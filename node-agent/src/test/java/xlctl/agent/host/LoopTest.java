package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private final BlockingQueue<Boolean> rounds = new LinkedBlockingQueue<>();

    @Test
    void goesRoundWhenItIsWokenAndWhenItsPauseIsOver() throws Exception {
        try (Loop loop = new Loop("loop", Duration.ZERO, this::note)) {
            loop.start();
            assertThat(next()).isFalse();
            loop.wake();
            assertThat(next()).isTrue();
        }
    }

    @Test
    void goesOnAfterARoundThatFailed() throws Exception {
        goesOnAfter(
                () -> {
                    throw new IllegalStateException("as the test wants it");
                });
    }

    @Test
    void goesOnAfterARoundForWhichThereWasNoMemory() throws Exception {
        goesOnAfter(
                () -> {
                    throw new OutOfMemoryError("as the test wants it");
                });
    }

    private void goesOnAfter(Runnable failure) throws Exception {
        try (Loop loop =
                new Loop(
                        "loop",
                        Duration.ZERO,
                        woken -> {
                            Duration pause = note(woken);
                            failure.run();
                            return pause;
                        })) {
            loop.start();
            assertThat(next()).isFalse();
            assertThat(next()).isFalse();
        }
    }

    @Test
    void endsInTheMiddleOfARoundWhenItIsClosed() throws Exception {
        Loop loop =
                new Loop(
                        "loop",
                        Duration.ZERO,
                        woken -> {
                            note(woken);
                            TimeUnit.HOURS.sleep(1);
                            return NEVER;
                        });
        loop.start();
        next();

        loop.close();

        assertThat(rounds).isEmpty();
    }

    private Duration note(boolean woken) {
        rounds.add(woken);
        return NEVER;
    }

    private boolean next() throws InterruptedException {
        Boolean round = rounds.poll(20, TimeUnit.SECONDS);
        assertThat(round).as("a round came").isNotNull();
        return round;
    }
}
