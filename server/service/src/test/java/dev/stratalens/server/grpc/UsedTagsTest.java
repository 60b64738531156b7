package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UsedTagsTest {

    private final UsedTags tags = new UsedTags();

    @Test
    void refusesATagTheSecondTimeWhateverCameBetween() {
        Random random = new Random(5);
        Set<Long> used = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            long tag = random.nextInt(-1_000, 1_000);
            if (used.add(tag)) {
                tags.add(tag);
            } else {
                assertThrows(InvalidFieldException.class, () -> tags.add(tag));
            }
        }
    }

    @Test
    void knowsTheEndsOfTheRange() {
        for (long tag : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0, -1}) {
            tags.add(tag);
        }
        InvalidFieldException refused = assertThrows(InvalidFieldException.class, () -> tags.add(-1));
        assertEquals("-1", refused.given());
        assertThrows(InvalidFieldException.class, () -> tags.add(Long.MAX_VALUE));
        assertThrows(InvalidFieldException.class, () -> tags.add(Long.MIN_VALUE));
    }

    @Test
    void remembersNeighborsAsOneAndRefusesWhatIsTooScattered() {
        for (long tag = 0; tag < UsedTags.MAX_RUNS; tag++) {
            tags.add(2 * tag);
        }
        InvalidFieldException refused = assertThrows(InvalidFieldException.class, () -> tags.add(-10));
        assertEquals(Problem.TOO_MANY, refused.problem());
        assertTrue(refused.getMessage().contains("one after the other"), refused.getMessage());

        UsedTags neighbors = new UsedTags();
        for (long tag = 3L * UsedTags.MAX_RUNS; tag >= 0; tag--) {
            neighbors.add(tag);
        }
    }
}
