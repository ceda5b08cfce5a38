package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;

class SharedDdlLockTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private final Coordinator coordinator = new Coordinator();
    private final SharedDdlLock lock = new SharedDdlLock(coordinator::lock);

    @Test
    void isTakenOnceForAllOperationsAndGivenBackByTheLast() throws Exception {
        lock.take(1, LONG);
        lock.take(2, LONG);
        lock.give(1);

        assertThat(coordinator.locks).hasSize(1);
        assertThat(coordinator.locks.get(0).held).isTrue();
        assertThat(lock.heldBy(1)).isFalse();
        assertThat(lock.heldBy(2)).isTrue();
        lock.give(2);
        assertThat(coordinator.locks.get(0).held).isFalse();
    }

    @Test
    void isNotHeldByThoseWhoHadItWhenTheServerLostItEvenIfAnotherTookItSince() throws Exception {
        lock.take(1, LONG);
        coordinator.locks.get(0).held = false;
        lock.take(2, LONG);

        assertThat(lock.heldBy(1)).isFalse();
        assertThat(lock.heldBy(2)).isTrue();
        assertThat(coordinator.locks).hasSize(2);
    }

    @Test
    void isLostWhenItsTimeIsOver() throws Exception {
        lock.take(1, Duration.ZERO);

        assertThat(lock.heldBy(1)).isFalse();
        assertThat(coordinator.locks.get(0).held).isFalse();
    }

    @Test
    void isNotHeldWhenTheServerRefusesIt() {
        coordinator.refuses = true;

        assertThatThrownBy(() -> lock.take(1, LONG)).isInstanceOf(EngineException.class);
        assertThat(lock.heldBy(1)).isFalse();
        lock.give(1);
    }

    @Test
    void doesNotKeepThoseWaitingWhoOnlyLookWhetherItsTimeIsOver() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        SharedDdlLock slow =
                new SharedDdlLock(
                        () -> {
                            asked.countDown();
                            awaitUnchecked(answer);
                            return new FakeLock();
                        });
        CompletableFuture<Void> taking = CompletableFuture.runAsync(() -> takeUnchecked(slow));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(CompletableFuture.runAsync(slow::expire)).succeedsWithin(Duration.ofSeconds(5));
        assertThat(taking).isNotDone();

        answer.countDown();
        taking.get(10, TimeUnit.SECONDS);
        assertThat(slow.heldBy(1)).isTrue();
    }

    private static void takeUnchecked(SharedDdlLock lock) {
        try {
            lock.take(1, LONG);
        } catch (EngineException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives locks. */
    private static final class Coordinator {
        private final List<FakeLock> locks = new ArrayList<>();
        private boolean refuses;

        DdlLock lock() throws EngineException {
            if (refuses) {
                throw new EngineException("someone else keeps DDL out", "wait", null);
            }
            locks.add(new FakeLock());
            return locks.get(locks.size() - 1);
        }
    }

    /** A lock that can be lost. */
    private static final class FakeLock implements DdlLock {
        private boolean held = true;

        @Override
        public boolean held() {
            return held;
        }

        @Override
        public void close() {
            held = false;
        }
    }
}
