package dev.stratalens.engine.checkpoint;

/** Numbers as places in a short table. Immutable; thread-safe. */
public interface Codes {

    /** Bits of a code, 1 to 8. */
    int bits();

    /** The numbers that codes stand for, 2 to the power of {@link #bits}. */
    float[] table(StoredBytes files);

    /**
     * Reads codes, one to a byte.
     *
     * @param first index of the first number, row-major; of whole groups, as the count
     */
    void read(StoredBytes files, long first, int count, byte[] to);

    /** See {@link Codes#read}. */
    @FunctionalInterface
    interface Reader {
        void read(StoredBytes files, long first, int count, byte[] to);
    }

    /** Codes of the same table, read from other places. */
    default Codes readBy(Reader reader) {
        Codes same = this;
        return new Codes() {
            @Override
            public int bits() {
                return same.bits();
            }

            @Override
            public float[] table(StoredBytes files) {
                return same.table(files);
            }

            @Override
            public void read(StoredBytes files, long first, int count, byte[] to) {
                reader.read(files, first, count, to);
            }
        };
    }

    /** Whole numbers from {@code lowest} on. */
    static float[] integers(int bits, int lowest) {
        float[] table = new float[1 << bits];
        for (int code = 0; code < table.length; code++) {
            table[code] = code + lowest;
        }
        return table;
    }
}
