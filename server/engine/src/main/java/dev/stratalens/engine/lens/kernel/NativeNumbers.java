package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Numbers outside the heap, read row by row.
 *
 * @param memory in native byte order
 * @param type FLOAT32 or BFLOAT16
 */
record NativeNumbers(ByteBuffer memory, DataType type) {

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

    /**
     * Copies some of the rows to the heap, one after the other. The type must be float32.
     *
     * @param step distance of the rows
     * @param start index of the first row
     * @param rowSize length of a row
     * @param count number of rows
     * @return the buffer's array, with the rows at its start
     */
    float[] everyNth(int step, int start, int rowSize, int count, RowBuffer buffer) {
        float[] numbers = buffer.numbers(count * rowSize);
        FloatBuffer floats = memory.asFloatBuffer();
        for (int i = 0; i < count; i++) {
            floats.get((start + i * step) * rowSize, numbers, i * rowSize, rowSize);
        }
        return numbers;
    }
}
