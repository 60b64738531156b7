package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.Optional;

/**
 * The source of a family's configuration: the file's keys and tensors.
 *
 * @param prefix beginning of the model's keys: the architecture and a dot
 */
record GgufFacts(GgufFile file, String prefix) {

    GgufMetadata metadata() {
        return file.metadata();
    }

    boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    /** A dimension of a tensor, if the tensor exists. */
    Optional<Long> extent(String tensor, int dimension) {
        return Optional.ofNullable(file.tensors().get(tensor))
                .filter(found -> dimension < found.shape().length)
                .map(found -> found.shape()[dimension]);
    }

    /** Value of one of the architecture's own keys, like {@link GgufMetadata#integer}. */
    Optional<Integer> integer(String key) {
        return metadata().integer(prefix + key);
    }

    /** As {@link GgufMetadata#number}. */
    Optional<Double> number(String key) {
        return metadata().number(prefix + key);
    }

    InvalidCheckpointException missing(String key) {
        return metadata().missing(prefix + key);
    }

    InvalidCheckpointException invalid(String key, String what) {
        return metadata().invalid(prefix + key, what);
    }

    /** A required count above 0. */
    int count(String key) {
        int count = integer(key).orElseThrow(() -> missing(key));
        if (count == 0) {
            throw invalid(key, "is 0; allowed: numbers above");
        }
        return count;
    }

    int hiddenSize() {
        return count("embedding_length");
    }

    int heads() {
        return count("attention.head_count");
    }

    int keyValueHeads() {
        return integer("attention.head_count_kv").isPresent() ? count("attention.head_count_kv") : heads();
    }

    int headSize() {
        if (integer("attention.key_length").isPresent()) {
            return count("attention.key_length");
        }
        if (hiddenSize() % heads() != 0) {
            throw invalid("attention.head_count", "is %d; allowed: a divisor of %d".formatted(heads(), hiddenSize()));
        }
        return hiddenSize() / heads();
    }
}
