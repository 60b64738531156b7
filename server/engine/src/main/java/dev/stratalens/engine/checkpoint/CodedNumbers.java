package dev.stratalens.engine.checkpoint;

/**
 * A tensor of codes, of which groups share a scale: {@code (table[code] - zero) * scale + bias}, in float32 and in this
 * order. A device can keep it in this form and decode it itself.
 *
 * @param codes of all numbers, row-major
 * @param group numbers that share a scale, which divides the number of all
 * @param shared what a group has
 * @param groups reads it
 */
public record CodedNumbers(Codes codes, int group, Shared shared, GroupReader groups) {

    /** What the numbers of a group share. */
    public enum Shared {
        SCALE(1),
        SCALE_AND_ZERO(2),
        SCALE_AND_BIAS(2);

        private final int count;

        Shared(int count) {
            this.count = count;
        }

        /** Numbers of a group. */
        public int count() {
            return count;
        }

        /**
         * Decodes the numbers of a group.
         *
         * @param table of the numbers that codes stand for
         * @param places codes, one to a byte
         * @param first index of the first code
         * @param numbers of the group
         * @param other its zero or bias, if it has one
         * @param to receives the numbers from {@code at} on
         */
        public void decode(
                float[] table, byte[] places, int first, int numbers, float scale, float other, float[] to, int at) {
            switch (this) {
                case SCALE -> {
                    for (int i = 0; i < numbers; i++) {
                        to[at + i] = table[places[first + i] & 0xFF] * scale;
                    }
                }
                case SCALE_AND_ZERO -> {
                    for (int i = 0; i < numbers; i++) {
                        to[at + i] = (table[places[first + i] & 0xFF] - other) * scale;
                    }
                }
                case SCALE_AND_BIAS -> {
                    for (int i = 0; i < numbers; i++) {
                        to[at + i] = table[places[first + i] & 0xFF] * scale + other;
                    }
                }
            }
        }
    }

    /**
     * What some groups share, one number for each group.
     *
     * @param scales factors
     * @param others zeros or biases; empty if there are none
     */
    public record Groups(float[] scales, float[] others) {}

    /** Reads what groups share. */
    @FunctionalInterface
    public interface GroupReader {
        Groups read(StoredBytes files, long first, int count);
    }

    /** Decodes numbers of whole groups; see {@link Decoding#decode}. */
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        float[] table = codes.table(files);
        byte[] places = new byte[count];
        codes.read(files, first, count, places);
        Groups some = groups.read(files, first / group, count / group);
        for (int start = 0; start < count; start += group) {
            float other = shared == Shared.SCALE ? 0 : some.others[start / group];
            shared.decode(table, places, start, group, some.scales[start / group], other, to, at + start);
        }
    }

    /** Bytes of some of the numbers as codes, two to a byte if they are small, with a float32 of each kind for each group. */
    public long byteCount(long numbers) {
        return codeBytes(numbers) + numbers / group * shared.count * Float.BYTES;
    }

    /** Bytes of some of the codes. */
    public long codeBytes(long numbers) {
        return areHalves() ? (numbers + 1) / 2 : numbers;
    }

    /** Whether two codes share a byte, the first in its lower half. */
    public boolean areHalves() {
        return codes.bits() <= Byte.SIZE / 2;
    }
}
