package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmallHeapTest {
    private static final long MEGABYTE = 1024 * 1024;

    @Test
    void collectsOnceTheAgentHasStarted() {
        assertThat(SmallHeap.hasGrown(0, 12 * MEGABYTE)).isTrue();
    }

    @Test
    void leavesAHeapAloneThatHasNotGrownSince() {
        assertThat(SmallHeap.hasGrown(12 * MEGABYTE, 13 * MEGABYTE)).isFalse();
    }

    @Test
    void collectsAfterAHeapHasGrown() {
        assertThat(SmallHeap.hasGrown(12 * MEGABYTE, 15 * MEGABYTE)).isTrue();
    }
}
