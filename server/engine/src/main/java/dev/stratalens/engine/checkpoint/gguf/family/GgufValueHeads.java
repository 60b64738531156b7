package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Value heads of the delta rule. In transformers, those of a key head are side by side; in files of Qwen 3.5, the first of each
 * key head come first, then the second of each.
 */
record GgufValueHeads(GgufFacts facts, int keyHeads, int valueHeads, int keySize, int valueSize) {

    GgufValueHeads {
        if (valueHeads % keyHeads != 0) {
            throw facts.invalid(
                    "ssm.time_step_rank", "is %d; allowed: a multiple of %d".formatted(valueHeads, keyHeads));
        }
    }

    /** The file's index of a number, or row, that a head has several of. */
    private long stored(long row, int ofHead) {
        int each = valueHeads / keyHeads;
        long head = row / ofHead;
        return (head % each * keyHeads + head / each) * ofHead + row % ofHead;
    }

    private long keys() {
        return 2L * keyHeads * keySize;
    }

    /** Rows for the values behind those of queries and keys. */
    List<TensorInfo> behindKeys(GgufTensor tensor, String name) {
        check(tensor, keys() + (long) valueHeads * valueSize);
        return GgufRearrangement.rows(
                tensor, name, row -> row < keys() ? row : keys() + stored(row - keys(), valueSize));
    }

    List<TensorInfo> rows(GgufTensor tensor, String name) {
        check(tensor, (long) valueHeads * valueSize);
        return GgufRearrangement.rows(tensor, name, row -> stored(row, valueSize));
    }

    /** One row, or number, for each head. */
    List<TensorInfo> single(GgufTensor tensor, String name) {
        check(tensor, valueHeads);
        return GgufRearrangement.rows(tensor, name, row -> stored(row, 1));
    }

    List<TensorInfo> decays(GgufTensor tensor, String name) {
        check(tensor, valueHeads);
        return List.of(tensor.rearranged(
                name,
                tensor.shape(),
                whole -> GgufRearrangement.logarithms(whole).reordered(1, row -> stored(row, 1))));
    }

    /** A kernel for each channel of queries, keys and values. */
    List<TensorInfo> kernels(GgufTensor tensor, String name) {
        long taps = tensor.shape()[tensor.shape().length - 1];
        long channels = keys() + (long) valueHeads * valueSize;
        check(tensor, channels);
        return List.of(tensor.rearranged(
                name,
                new long[] {channels, 1, taps},
                whole -> whole.reordered(
                        (int) taps, row -> row < keys() ? row : keys() + stored(row - keys(), valueSize))));
    }

    /** The columns of a product that reads the values. */
    List<TensorInfo> columns(GgufTensor tensor, String name) {
        int width = valueHeads * valueSize;
        if (tensor.shape().length != 2 || tensor.shape()[1] != width) {
            check(tensor, -1);
        }
        return List.of(tensor.rearranged(
                name,
                tensor.shape(),
                whole -> Decoding.of(width, (files, first, count, to, at) -> {
                    float[] row = new float[width];
                    for (int done = 0; done < count; done += width) {
                        whole.decode(files, first + done, width, row, 0);
                        for (int column = 0; column < width; column++) {
                            to[at + done + column] = row[(int) stored(column, valueSize)];
                        }
                    }
                })));
    }

    /** Of each key head: its queries, its keys, and the values and gates of its value heads. */
    GgufJoin.Joined besideKeys(GgufTensor queriesKeysValues, GgufTensor gates) {
        long columns = queriesKeysValues.shape()[1];
        long values = (long) valueHeads / keyHeads * valueSize;
        check(queriesKeysValues, keys() + values * keyHeads);
        check(gates, values * keyHeads);
        List<GgufPieces.Piece> pieces = new ArrayList<>();
        for (int head = 0; head < keyHeads; head++) {
            pieces.add(rows(queriesKeysValues, (long) head * keySize, keySize, columns));
            pieces.add(rows(queriesKeysValues, keys() / 2 + (long) head * keySize, keySize, columns));
            pieces.add(rows(queriesKeysValues, keys() + head * values, values, columns));
            pieces.add(rows(gates, head * values, values, columns));
        }
        return new GgufJoin.Joined(new long[] {keys() + 2 * values * keyHeads, columns}, pieces);
    }

    private static GgufPieces.Piece rows(Decoding decoding, long first, long count, long columns) {
        return new GgufPieces.Piece(decoding.from(first * columns), count * columns);
    }

    private void check(GgufTensor tensor, long rows) {
        GgufRearrangement.check(facts, tensor, tensor.shape()[0] == rows, valueHeads);
    }
}
