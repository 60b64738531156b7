package dev.stratalens.bench.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CallKindTest {

    private static List<CallKind> kinds(long from, long to) {
        return LongStream.range(from, to).mapToObj(CallKind::of).toList();
    }

    @Test
    void ofTwentyFourCallsEachKindHasItsShare() {
        Map<CallKind, Long> expected = Map.of(
                CallKind.ANALYSIS, 10L,
                CallKind.BATCH, 2L,
                CallKind.CANCEL, 4L,
                CallKind.RELOAD, 1L,
                CallKind.BAD_REQUEST, 4L,
                CallKind.DROP, 3L);
        for (long start : new long[] {0, 5, 24_000_000_007L}) {
            assertEquals(
                    expected,
                    kinds(start, start + 24).stream()
                            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        }
    }

    @Test
    void kindsAlternate() {
        List<CallKind> kinds = kinds(0, 24);
        for (int i = 0; i + 4 <= kinds.size(); i++) {
            assertTrue(kinds.subList(i, i + 4).stream().distinct().count() > 1, kinds.toString());
        }
    }
}
