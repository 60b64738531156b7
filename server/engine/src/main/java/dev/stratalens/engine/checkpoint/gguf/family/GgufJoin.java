package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A tensor of transformers that is several in a GGUF file.
 *
 * @param name in transformers; {@code {}} stands for the block's number
 * @param stored names in GGUF, without {@code blk.{}.}
 * @param pieces puts the numbers in the order of transformers
 */
record GgufJoin(String name, List<String> stored, Pieces pieces) {

    /** What a joined tensor consists of, in this order. */
    record Joined(long[] shape, List<GgufPieces.Piece> pieces) {}

    /** Puts the numbers of tensors in order. */
    @FunctionalInterface
    interface Pieces {

        /** Empty if the shapes do not belong together. */
        Optional<Joined> of(GgufFacts facts, List<GgufTensor> tensors);
    }

    /** Gate above up: of one feed-forward [outputs, inputs], or of each expert [E, outputs, inputs]. */
    static GgufJoin gateAndUp(String name, String gate, String up) {
        return new GgufJoin(name, List.of(gate + ".weight", up + ".weight"), (facts, tensors) -> stacked(tensors));
    }

    /** Of each expert, matrices [outputs, inputs] side by side as columns [inputs, outputs]. */
    static GgufJoin inputsFirst(String name, String... modules) {
        return new GgufJoin(
                name,
                Stream.of(modules).map(module -> module + ".weight").toList(),
                (facts, tensors) -> inputsFirst(tensors));
    }

    /** Latent attention: of each head, the rows that make keys, which the file has transposed, and those that make values. */
    static GgufJoin keysAndValues(String name) {
        return new GgufJoin(
                name, List.of("attn_k_b.weight", "attn_v_b.weight"), (facts, tensors) -> keysAndValues(tensors));
    }

    /** The tensor of a block whose file has all of them. */
    Optional<TensorInfo> of(GgufFacts facts, int block) {
        List<GgufTensor> tensors = names(block).stream()
                .map(facts.file().tensors()::get)
                .filter(Objects::nonNull)
                .toList();
        return tensors.size() < stored.size()
                ? Optional.empty()
                : pieces.of(facts, tensors).map(joined -> tensor(block, tensors, joined));
    }

    /** GGUF's names of a block's tensors. */
    List<String> names(int block) {
        return stored.stream().map(tensor -> "blk." + block + "." + tensor).toList();
    }

    private TensorInfo tensor(int block, List<GgufTensor> tensors, Joined joined) {
        GgufTensor first = tensors.get(0);
        return new TensorInfo(
                name.replace("{}", String.valueOf(block)),
                first.type().scaleType(),
                joined.shape(),
                first.file(),
                first.offset(),
                tensors.stream().mapToLong(GgufTensor::byteCount).sum(),
                Optional.of(new GgufPieces(joined.pieces())));
    }

    private static Optional<Joined> stacked(List<GgufTensor> tensors) {
        long[] shape = tensors.get(0).shape().clone();
        int rows = shape.length - 2;
        if (rows < 0 || !Arrays.equals(shape, tensors.get(1).shape())) {
            return Optional.empty();
        }
        shape[rows] *= 2;
        int parts = rows == 0 ? 1 : (int) shape[0];
        List<GgufPieces.Piece> pieces = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            for (GgufTensor tensor : tensors) {
                GgufTensor one = rows == 0 ? tensor : tensor.slice(part);
                pieces.add(new GgufPieces.Piece(one, one.elementCount()));
            }
        }
        return Optional.of(new Joined(shape, pieces));
    }

    private static Optional<Joined> inputsFirst(List<GgufTensor> tensors) {
        long[] shape = tensors.get(0).shape();
        if (shape.length != 3 || tensors.stream().anyMatch(tensor -> !Arrays.equals(shape, tensor.shape()))) {
            return Optional.empty();
        }
        int parts = tensors.size();
        int outputs = (int) shape[1];
        int inputs = (int) shape[2];
        List<GgufPieces.Piece> pieces = new ArrayList<>();
        for (int expert = 0; expert < shape[0]; expert++) {
            List<Decoding> sides = new ArrayList<>();
            for (GgufTensor tensor : tensors) {
                sides.add(tensor.slice(expert).transposed(inputs, outputs));
            }
            pieces.add(new GgufPieces.Piece(GgufPieces.sideBySide(sides, outputs), (long) parts * outputs * inputs));
        }
        return Optional.of(new Joined(new long[] {shape[0], inputs, (long) parts * outputs}, pieces));
    }

    private static Optional<Joined> keysAndValues(List<GgufTensor> tensors) {
        long[] keys = tensors.get(0).shape();
        long[] values = tensors.get(1).shape();
        if (keys.length != 3 || values.length != 3 || keys[0] != values[0] || keys[1] != values[2]) {
            return Optional.empty();
        }
        List<GgufPieces.Piece> pieces = new ArrayList<>();
        for (int head = 0; head < keys[0]; head++) {
            Decoding ofKeys = tensors.get(0).slice(head).transposed((int) keys[2], (int) keys[1]);
            pieces.add(new GgufPieces.Piece(ofKeys, keys[1] * keys[2]));
            pieces.add(new GgufPieces.Piece(tensors.get(1).slice(head), values[1] * values[2]));
        }
        return Optional.of(new Joined(new long[] {keys[0] * (keys[2] + values[1]), keys[1]}, pieces));
    }

    /** Numbers of a key as the only number of a tensor of each block. */
    static List<TensorInfo> ofKey(GgufFacts facts, String key, String name, long... shape) {
        List<Double> numbers =
                facts.metadata().numbers(key).orElseThrow(() -> facts.metadata().missing(key));
        GgufTensor place = facts.file().tensors().values().iterator().next();
        long count = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        return IntStream.range(0, Math.min(numbers.size(), facts.blocks()))
                .mapToObj(block -> new TensorInfo(
                        name.replace("{}", String.valueOf(block)),
                        StoredType.F32,
                        shape,
                        place.file(),
                        0,
                        count * Float.BYTES,
                        Optional.of(constant(numbers.get(block).floatValue()))))
                .toList();
    }

    private static Decoding constant(float number) {
        return Decoding.of(1, (files, first, count, to, at) -> Arrays.fill(to, at, at + count, number));
    }
}
