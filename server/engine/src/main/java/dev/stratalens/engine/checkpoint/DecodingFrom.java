package dev.stratalens.engine.checkpoint;

import java.util.Optional;

/**
 * The numbers of a tensor from one of them on.
 *
 * @param start index of the first
 */
record DecodingFrom(Decoding stored, long start) implements Decoding {

    @Override
    public int granularity() {
        return stored.granularity();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        stored.decode(files, start + first, count, to, at);
    }

    @Override
    public Optional<CodedNumbers> coded() {
        return stored.coded()
                .filter(numbers -> start % numbers.group() == 0)
                .map(numbers -> new CodedNumbers(
                        new LaterCodes(numbers.codes(), start),
                        numbers.group(),
                        numbers.shared(),
                        (files, first, count) -> numbers.groups().read(files, start / numbers.group() + first, count)));
    }

    private record LaterCodes(Codes all, long start) implements Codes {

        @Override
        public int bits() {
            return all.bits();
        }

        @Override
        public float[] table(StoredBytes files) {
            return all.table(files);
        }

        @Override
        public void read(StoredBytes files, long first, int count, byte[] to) {
            all.read(files, start + first, count, to);
        }
    }
}
