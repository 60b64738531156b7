package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers outside the heap, read row by row.
 *
 * @param memory in native byte order
 * @param type FLOAT32 or BFLOAT16
 */
public record NativeNumbers(ByteBuffer memory, DataType type) {

    /**
     * Copies consecutive numbers to the heap, widened to float32.
     *
     * @param first index of the first number
     * @return the buffer's array, with the numbers at its start
     */
    float[] read(int first, int count, RowBuffer buffer, RowKernel kernel) {
        float[] numbers = buffer.numbers(count);
        if (type == DataType.FLOAT32) {
            memory.asFloatBuffer().get(first, numbers, 0, count);
            return numbers;
        }
        int whole = count / 2;
        int[] pairs = buffer.pairs(whole);
        memory.slice(first * Short.BYTES, whole * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer()
                .get(pairs, 0, whole);
        kernel.widen(pairs, whole, numbers);
        if (count % 2 == 1) {
            numbers[count - 1] = Float.intBitsToFloat(memory.getShort((first + count - 1) * Short.BYTES) << 16);
        }
        return numbers;
    }
}
