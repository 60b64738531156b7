package dev.stratalens.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchTallyTest {

    @Test
    void whatIsThereAlreadyIsDoneButNotComputed() {
        BatchTally tally = new BatchTally(10, 4, 1);
        tally.addResult(5);
        tally.addFailure();
        assertEquals(6, tally.done());
        assertEquals(2, tally.failed());
        assertEquals(2, tally.computed());
        assertTrue(tally.progress().matches("2 failed, \\S+ prompts/s, \\S+ tokens/s"), tally.progress());
    }
}
