package dev.stratalens.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchTallyTest {

    @Test
    void whatIsThereAlreadyIsDoneButNotComputed() {
        BatchTally tally = new BatchTally(10, 4, 1);
        assertEquals("4/10, 1 failed", tally.progress());
        tally.addResult(5);
        tally.addFailure();
        assertEquals(6, tally.done());
        assertEquals(2, tally.failed());
        assertEquals(2, tally.computed());
        assertTrue(
                tally.progress().matches("6/10, \\S+ prompts/s, \\S+ tokens/s, \\d.* left, 2 failed"),
                tally.progress());
    }

    @Test
    void durationsAreSaidAsOneWould() {
        assertEquals("0 s", BatchTally.inWords(0.3));
        assertEquals("1 min 0 s", BatchTally.inWords(59.6));
        assertEquals("2 min 5 s", BatchTally.inWords(125));
        assertEquals("3 h 1 min", BatchTally.inWords(3 * 3600 + 119));
    }
}
