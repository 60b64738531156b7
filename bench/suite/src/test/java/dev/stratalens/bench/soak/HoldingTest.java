package dev.stratalens.bench.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HoldingTest {

    @Test
    void memoryMayGrowByATenthAndAFewMegabytesAndTensorsNotAtAll() {
        assertEquals(1.1e9 + (32 << 20), Holding.RESIDENT_MEMORY.most(1e9), 1);
        assertEquals(1.1e7 + (8 << 20), Holding.HEAP.most(1e7), 1);
        assertEquals(58, Holding.OPEN_FILES.most(50));
        assertEquals(38, Holding.THREADS.most(30));
        assertEquals(200, Holding.TENSORS.most(200));
    }
}
