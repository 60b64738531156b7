package dev.stratalens.bench.bare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockingTest {

    @Test
    void neverCutsLargerThanTheProduct() {
        for (Blocking blocking : Blocking.candidates(150, 3072)) {
            assertTrue(blocking.rows() <= 150 && blocking.columns() <= 3072, blocking.toString());
        }
    }

    @Test
    void triesTheWholeProductOnceWhereItIsSmall() {
        assertEquals(
                List.of(
                        new Blocking(10, 1000, Blocking.Threads.SHARE_CALLS),
                        new Blocking(10, 1000, Blocking.Threads.CALL_ALONE)),
                Blocking.candidates(10, 1000));
    }
}
