package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.ServerLink;

class SharedDdlLockTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private final Coordinator coordinator = new Coordinator();
    private final SharedDdlLock lock = new SharedDdlLock(coordinator);

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

    /** Gives locks. */
    private static final class Coordinator implements ServerLink {
        private final List<FakeLock> locks = new ArrayList<>();
        private boolean refuses;

        @Override
        public DdlLock lockDdl() throws EngineException {
            if (refuses) {
                throw new EngineException("someone else keeps DDL out", "wait", null);
            }
            locks.add(new FakeLock());
            return locks.get(locks.size() - 1);
        }

        @Override
        public Health check() {
            return Health.silent("a fake");
        }

        @Override
        public void converge(Catalog catalog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reply.UserTables userTables() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reply.DeepReport checkDeep() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reconnect() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
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
