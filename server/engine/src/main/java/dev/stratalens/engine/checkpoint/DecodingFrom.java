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
                        numbers.codes()
                                .readBy((files, first, count, to) ->
                                        numbers.codes().read(files, start + first, count, to)),
                        numbers.group(),
                        numbers.shared(),
                        (files, first, count) -> numbers.groups().read(files, start / numbers.group() + first, count)));
    }
}
