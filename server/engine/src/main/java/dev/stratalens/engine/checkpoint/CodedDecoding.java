package dev.stratalens.engine.checkpoint;

import java.util.Optional;

/** A decoding of codes. */
public interface CodedDecoding extends Decoding {

    /** The codes and their scales. */
    CodedNumbers numbers();

    @Override
    default int granularity() {
        return numbers().group();
    }

    @Override
    default void decode(StoredBytes files, long first, int count, float[] to, int at) {
        numbers().decode(files, first, count, to, at);
    }

    @Override
    default Optional<CodedNumbers> coded() {
        return Optional.of(numbers());
    }
}
