package dev.stratalens.server.models;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.reading.GivenLenses;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import dev.stratalens.engine.model.weight.ModelSizes;
import dev.stratalens.engine.model.weight.Placer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LensMemoryTest {

    private static final Path LENSES = Path.of("../engine/src/test/resources/lenses/gpt2");

    private static Map<String, FittedLens> lenses() {
        Map<String, FittedLens> lenses = new LinkedHashMap<>();
        lenses.put("tuned", LensFiles.read(LENSES.resolve("tuned")));
        lenses.put("jacobian", LensFiles.read(LENSES.resolve("jacobian.pt")));
        return lenses;
    }

    @Test
    void lensesThatAreInMemoryTogetherCountTogether() {
        long tuned = bytes("tuned");
        long jacobian = bytes("jacobian");
        assertEquals(10 + tuned + jacobian, total(GivenLenses.allInMemory(lenses())));
    }

    @Test
    void ofLensesThatTakeTurnsTheLargestMapsCount() {
        assertEquals(10 + bytes("tuned"), total(new GivenLenses(lenses(), 1)));
    }

    @Test
    void aLargerNumberThanThereAreIsAll() {
        assertEquals(total(GivenLenses.allInMemory(lenses())), total(new GivenLenses(lenses(), 64)));
    }

    private static long bytes(String lens) {
        return requireNonNull(lenses().get(lens)).bytes();
    }

    private static long total(GivenLenses lenses) {
        long[] bytes = new long[1];
        Placer placer = new LensMemory(lenses).beside((ModelSizes sizes) -> {
            bytes[0] = sizes.total();
            return Placer.PROCESSOR.place(sizes);
        });
        placer.place(new ModelSizes(1, List.of(2L, 2L, 2L), 3, 3, DataType.FLOAT32));
        return bytes[0];
    }
}
