package dev.stratalens.engine.checkpoint;

import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * A tensor with its rows in another order.
 *
 * @param rowLength length of a row
 * @param storedRow maps a row to its index in the stored tensor
 */
record ReorderedRows(Decoding stored, int rowLength, LongUnaryOperator storedRow) implements Decoding {

    @Override
    public int granularity() {
        return rowLength;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        for (int done = 0; done < count; done += rowLength) {
            stored.decode(files, start(first + done), rowLength, to, at + done);
        }
    }

    private long start(long first) {
        return storedRow.applyAsLong(first / rowLength) * rowLength;
    }

    @Override
    public Optional<CodedNumbers> coded() {
        return stored.coded()
                .filter(numbers -> rowLength % numbers.group() == 0)
                .map(numbers -> new CodedNumbers(
                        numbers.codes()
                                .readBy((files, first, count, to) -> read(numbers.codes(), files, first, count, to)),
                        numbers.group(),
                        numbers.shared(),
                        (files, first, count) -> groups(numbers, files, first, count)));
    }

    private Groups groups(CodedNumbers numbers, StoredBytes files, long first, int count) {
        int ofRow = rowLength / numbers.group();
        float[] scales = new float[count];
        float[] others = new float[numbers.shared().count() > 1 ? count : 0];
        for (int done = 0; done < count; ) {
            int within = (int) ((first + done) % ofRow);
            int some = Math.min(count - done, ofRow - within);
            long start = storedRow.applyAsLong((first + done) / ofRow) * ofRow + within;
            Groups read = numbers.groups().read(files, start, some);
            System.arraycopy(read.scales(), 0, scales, done, some);
            System.arraycopy(read.others(), 0, others, others.length == 0 ? 0 : done, read.others().length);
            done += some;
        }
        return new Groups(scales, others);
    }

    private void read(Codes codes, StoredBytes files, long first, int count, byte[] to) {
        byte[] row = new byte[rowLength];
        for (int done = 0; done < count; ) {
            int within = (int) ((first + done) % rowLength);
            int some = Math.min(count - done, rowLength - within);
            codes.read(files, start(first + done - within), rowLength, row);
            System.arraycopy(row, within, to, done, some);
            done += some;
        }
    }
}
