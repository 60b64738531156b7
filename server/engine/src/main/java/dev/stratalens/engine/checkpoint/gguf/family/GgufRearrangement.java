package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufTensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The inverse of a change that llama.cpp's converter makes to a tensor. */
@FunctionalInterface
interface GgufRearrangement {

    /** No change. */
    GgufRearrangement NONE = (facts, tensor, name) -> List.of(tensor.named(name));

    /** Each query head's rows in pairs (i, i + half); transformers has the first half and then the second. */
    GgufRearrangement PAIRED_QUERIES = pairedRows(GgufFacts::heads);

    /** The same of key heads. */
    GgufRearrangement PAIRED_KEYS = pairedRows(GgufFacts::keyValueHeads);

    /** The first rotated half of each head's rows, and then the second; transformers has them in pairs (2 i, 2 i + 1). */
    GgufRearrangement ROTATED_HALVES = (facts, tensor, name) -> {
        int headRows = facts.headSize();
        int rotated = facts.integer("rope.dimension_count").orElse(headRows);
        check(facts, tensor, tensor.shape()[0] % headRows == 0, facts.heads());
        return rows(tensor, name, row -> {
            long inHead = row % headRows;
            return inHead < rotated ? row - inHead + inHead / 2 + inHead % 2 * (rotated / 2) : row;
        });
    };

    /** All queries, then all keys, then all values; transformers has the three of each head together. */
    GgufRearrangement QUERIES_KEYS_VALUES = GgufRearrangement::byHead;

    /** A matrix of a linear layer; transformers has a Conv1D. */
    GgufRearrangement TRANSPOSED = GgufRearrangement::transposed;

    /** A norm's weight with 1 added; transformers adds it in the norm. */
    GgufRearrangement ONE_ADDED = (facts, tensor, name) -> name.endsWith(".weight")
            ? derived(tensor, name, stored -> stored.plus(-1))
            : NONE.undo(facts, tensor, name);

    /** Decays as they are; transformers has the logarithm of their size. */
    GgufRearrangement DECAYS = (facts, tensor, name) -> {
        long[] shape =
                tensor.shape().length == 2 && tensor.shape()[1] == 1 ? new long[] {tensor.shape()[0]} : tensor.shape();
        return List.of(tensor.rearranged(name, shape, GgufRearrangement::logarithms));
    };

    /** All of a kind in one tensor; the name has {@code {expert}} in place of the number in transformers. */
    GgufRearrangement EXPERTS = GgufRearrangement::apart;

    /** A vector that is a matrix of one row in transformers. */
    GgufRearrangement ROW = (facts, tensor, name) ->
            shaped(tensor, name, tensor.shape().length == 1 ? new long[] {1, tensor.shape()[0]} : tensor.shape());

    /** A matrix that is a vector in transformers. */
    GgufRearrangement VECTOR = (facts, tensor, name) -> shaped(tensor, name, tensor.elementCount());

    /** A kernel for each channel, [channels, taps]; transformers has [channels, 1, taps]. */
    GgufRearrangement KERNELS = (facts, tensor, name) -> {
        long taps = tensor.shape()[tensor.shape().length - 1];
        return name.endsWith(".weight")
                ? shaped(tensor, name, tensor.elementCount() / taps, 1, taps)
                : NONE.undo(facts, tensor, name);
    };

    /**
     * The equivalent tensors of transformers.
     *
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if the change cannot result in the tensor's shape
     */
    List<TensorInfo> undo(GgufFacts facts, GgufTensor tensor, String name);

    /** Rows of heads in pairs. */
    private static GgufRearrangement pairedRows(ToIntFunction<GgufFacts> count) {
        return (facts, tensor, name) -> {
            int heads = count.applyAsInt(facts);
            check(facts, tensor, tensor.shape()[0] % (2L * heads) == 0, heads);
            long headRows = tensor.shape()[0] / heads;
            long half = headRows / 2;
            return rows(tensor, name, row -> {
                long inHead = row % headRows;
                return row - inHead + inHead % half * 2 + inHead / half;
            });
        };
    }

    private static List<TensorInfo> byHead(GgufFacts facts, GgufTensor tensor, String name) {
        int heads = facts.heads();
        check(facts, tensor, tensor.shape()[0] % (3L * heads) == 0, heads);
        long third = tensor.shape()[0] / 3;
        long headRows = third / heads;
        return rows(tensor, name, row -> {
            long head = row / (3 * headRows);
            long part = row / headRows % 3;
            return part * third + head * headRows + row % headRows;
        });
    }

    /** Refuses a shape that does not fit the heads. */
    static void check(GgufFacts facts, GgufTensor tensor, boolean fits, int heads) {
        if (!fits) {
            throw facts.metadata().invalid(tensor.name(), "has a shape that does not fit %d heads".formatted(heads));
        }
    }

    /** Rows in another order. */
    static List<TensorInfo> rows(GgufTensor tensor, String name, LongUnaryOperator storedRow) {
        int rowLength = (int) (tensor.elementCount() / tensor.shape()[0]);
        return derived(tensor, name, stored -> stored.reordered(rowLength, storedRow));
    }

    private static List<TensorInfo> derived(GgufTensor tensor, String name, Function<Decoding, Decoding> change) {
        return List.of(tensor.rearranged(name, tensor.shape(), change));
    }

    private static List<TensorInfo> transposed(GgufFacts facts, GgufTensor tensor, String name) {
        if (tensor.shape().length != 2) {
            return NONE.undo(facts, tensor, name);
        }
        check(
                facts,
                tensor,
                tensor.elementCount() <= Integer.MAX_VALUE
                        && tensor.shape()[0] * tensor.granularity() <= Integer.MAX_VALUE,
                facts.heads());
        int columns = (int) tensor.shape()[0];
        int rows = (int) tensor.shape()[1];
        return List.of(tensor.rearranged(name, new long[] {rows, columns}, stored -> stored.transposed(rows, columns)));
    }

    /** The logarithms of the sizes of negative numbers. */
    static Decoding logarithms(Decoding stored) {
        return Decoding.of(stored.granularity(), (files, first, count, to, at) -> {
            stored.decode(files, first, count, to, at);
            for (int i = at; i < at + count; i++) {
                to[i] = (float) Math.log(-to[i]);
            }
        });
    }

    private static List<TensorInfo> apart(GgufFacts facts, GgufTensor tensor, String name) {
        check(facts, tensor, tensor.shape().length > 1 && tensor.shape()[0] <= GgufTensor.MOST_PARTS, facts.heads());
        return IntStream.range(0, (int) tensor.shape()[0])
                .mapToObj(expert -> tensor.slice(expert).named(name.replace("{expert}", Integer.toString(expert))))
                .toList();
    }

    /** The same numbers in another shape. */
    static List<TensorInfo> shaped(GgufTensor tensor, String name, long... shape) {
        if (LongStream.of(shape).reduce(1, (a, b) -> a * b) != tensor.elementCount()) {
            return List.of(tensor.named(name));
        }
        return List.of(tensor.shaped(shape).named(name));
    }
}
