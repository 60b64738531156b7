package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.gguf.GgufFile;
import dev.stratalens.engine.checkpoint.gguf.GgufMetadata;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The source of a family's configuration: the file's keys and tensors.
 *
 * @param prefix beginning of the model's keys: the architecture and a dot
 */
record GgufFacts(GgufFile file, String prefix) {

    private static final String HEADS = "attention.head_count";
    private static final String KEY_VALUE_HEADS = "attention.head_count_kv";
    private static final String BLOCKS = "block_count";
    private static final String PREDICTORS = "nextn_predict_layers";

    GgufMetadata metadata() {
        return file.metadata();
    }

    boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    /** Whether any block has a tensor, whose name begins with {@code blk.{}.}. */
    boolean anyHas(String tensor) {
        return firstOf(tensor).isPresent();
    }

    private Optional<String> firstOf(String tensor) {
        return IntStream.range(0, blocks())
                .mapToObj(block -> tensor.replace("{}", String.valueOf(block)))
                .filter(this::has)
                .findFirst();
    }

    /** A dimension of a tensor, if the tensor exists; {@code {}} stands for the first block that has it. */
    Optional<Long> extent(String tensor, int dimension) {
        return (tensor.contains("{}") ? firstOf(tensor) : Optional.of(tensor))
                .map(file.tensors()::get)
                .filter(found -> dimension < found.shape().length)
                .map(found -> found.shape()[dimension]);
    }

    boolean hasKey(String key) {
        return metadata().values().containsKey(prefix + key);
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

    /** The blocks of the model itself: files count those behind them that predict further tokens, too. */
    int blocks() {
        int predictors = integer(PREDICTORS).orElse(0);
        int blocks = count(BLOCKS);
        if (predictors >= blocks) {
            throw invalid(PREDICTORS, "is %d; allowed: less than the blocks, %d".formatted(predictors, blocks));
        }
        return blocks - predictors;
    }

    /** A count for each block, whether the file has one for all or a list. */
    List<Integer> ofBlocks(String key) {
        if (!(metadata().values().get(prefix + key) instanceof List<?>)) {
            return Collections.nCopies(blocks(), integer(key).orElseThrow(() -> missing(key)));
        }
        List<Long> listed = metadata().integers(prefix + key).orElseThrow();
        if (listed.size() < blocks() || listed.stream().anyMatch(number -> number < 0 || number > Integer.MAX_VALUE)) {
            throw invalid(key, "is a list of %d; allowed: a count for each block".formatted(listed.size()));
        }
        return listed.subList(0, blocks()).stream().map(Long::intValue).toList();
    }

    /** A flag for each block, if the file has a list. */
    Optional<List<Boolean>> flagsOfBlocks(String key) {
        Optional<List<Boolean>> flags = metadata().flags(prefix + key);
        flags.filter(listed -> listed.size() < blocks()).ifPresent(listed -> {
            throw invalid(key, "is a list of %d; allowed: a flag for each block".formatted(listed.size()));
        });
        return flags.map(listed -> listed.subList(0, blocks()));
    }

    int hiddenSize() {
        return count("embedding_length");
    }

    /** The most query heads of a block. */
    int heads() {
        return most(HEADS);
    }

    /** Whether any block has attention. */
    boolean attends() {
        return Collections.max(integerOrList(hasKey(KEY_VALUE_HEADS) ? KEY_VALUE_HEADS : HEADS)) > 0;
    }

    private List<Integer> integerOrList(String key) {
        return metadata().values().get(prefix + key) instanceof List<?>
                ? ofBlocks(key)
                : Stream.of(integer(key).orElseThrow(() -> missing(key))).toList();
    }

    private int most(String key) {
        int most = Collections.max(integerOrList(key));
        if (most == 0) {
            throw invalid(key, "is 0; allowed: numbers above");
        }
        return most;
    }

    /** The most heads of keys and values of a block. */
    int keyValueHeads() {
        return hasKey(KEY_VALUE_HEADS) ? most(KEY_VALUE_HEADS) : heads();
    }

    /** The blocks with attention, of a file that counts no heads of keys and values in the others. */
    List<Boolean> attending() {
        return ofBlocks(KEY_VALUE_HEADS).stream().map(heads -> heads > 0).toList();
    }

    int headSize() {
        if (integer("attention.key_length").isPresent()) {
            return count("attention.key_length");
        }
        if (hiddenSize() % heads() != 0) {
            throw invalid(HEADS, "is %d; allowed: a divisor of %d".formatted(heads(), hiddenSize()));
        }
        return hiddenSize() / heads();
    }
}
