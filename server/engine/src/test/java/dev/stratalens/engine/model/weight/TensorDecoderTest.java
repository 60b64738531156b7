package dev.stratalens.engine.model.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchTensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TensorDecoderTest {

    /** More than two views of 256 parts of six numbers, and a part that is not full. */
    private static final int NUMBERS = 2 * 256 * 6 + 6 + 3;

    /** The numbers are their indexes, or thirds of them to test rounding. */
    private record Counting(float divisor) implements Decoding {
        @Override
        public int granularity() {
            return 3;
        }

        @Override
        public void decode(StoredBytes files, long first, int count, float[] to, int at) {
            assertEquals(0, first % granularity());
            assertEquals(0, count % granularity());
            for (int i = 0; i < count; i++) {
                to[at + i] = (first + i) / divisor;
            }
        }
    }

    private static TensorInfo tensor(Decoding decoding) {
        return new TensorInfo(
                "t", StoredType.F16, new long[] {NUMBERS}, Path.of("none"), 0, NUMBERS, Optional.of(decoding));
    }

    @Test
    void everyPartArrivesAtItsPlace() {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var scope = program.scope();
                var decoder = new TensorDecoder(program, scope, 7)) {
            float[] numbers =
                    decoder.decoded(tensor(new Counting(1)), DataType.FLOAT32).floats();

            assertEquals(NUMBERS, numbers.length);
            for (int i = 0; i < NUMBERS; i++) {
                assertEquals(i, numbers[i]);
            }
        }
    }

    @Test
    void bfloat16IsRoundedAsPyTorchRounds() {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var scope = program.scope();
                var decoder = new TensorDecoder(program, scope, 7)) {
            TensorInfo thirds = tensor(new Counting(3));
            TorchTensor rounded = decoder.decoded(thirds, DataType.BFLOAT16);
            TorchTensor exact = decoder.decoded(thirds, DataType.FLOAT32);
            TorchTensor expected = program.tensor(scope, "convert", exact, TorchTypes.code(DataType.BFLOAT16));

            assertEquals(expected.directView(), rounded.directView());
        }
    }

    @Test
    void float16IsRoundedAsPyTorchRounds() {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var scope = program.scope();
                var decoder = new TensorDecoder(program, scope, 7)) {
            TensorInfo thirds = tensor(new Counting(3));
            TorchTensor rounded = decoder.decoded(thirds, DataType.FLOAT16);
            TorchTensor exact = decoder.decoded(thirds, DataType.FLOAT32);
            TorchTensor expected = program.tensor(scope, "convert", exact, TorchTypes.code(DataType.FLOAT16));

            assertEquals(expected.directView(), rounded.directView());
        }
    }

    @Test
    void everyFloat16IsItselfAndWhatLiesBetweenTwoGoesToTheNearer() {
        for (int bits = 0; bits < 0x7C00; bits++) {
            float number = StoredNumbers.half((short) bits);
            float next = bits == 0x7BFF ? 65_536 : StoredNumbers.half((short) (bits + 1));
            float middle = number + (next - number) / 2;
            int even = bits + (bits & 1);

            assertEquals((short) bits, TensorDecoder.float16(number));
            assertEquals((short) (bits | 0x8000), TensorDecoder.float16(-number));
            assertEquals((short) bits, TensorDecoder.float16(Math.nextDown(middle)), () -> "below " + middle);
            assertEquals((short) even, TensorDecoder.float16(middle), () -> "tie " + middle);
            assertEquals((short) (bits + 1), TensorDecoder.float16(Math.nextUp(middle)), () -> "above " + middle);
        }
        assertEquals((short) 0x7C00, TensorDecoder.float16(Float.MAX_VALUE));
        assertEquals((short) 0xFC00, TensorDecoder.float16(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(StoredNumbers.half(TensorDecoder.float16(Float.NaN))));
    }

    @Test
    void aTensorIsDecodedOnceForAllItsSlots() {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var scope = program.scope();
                var decoder = new TensorDecoder(program, scope)) {
            TensorInfo tensor = tensor(new Counting(1));

            assertSame(decoder.decoded(tensor, DataType.FLOAT32), decoder.decoded(tensor, DataType.FLOAT32));
        }
    }
}
