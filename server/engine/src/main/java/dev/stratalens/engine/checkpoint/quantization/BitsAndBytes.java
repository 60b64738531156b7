package dev.stratalens.engine.checkpoint.quantization;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.BitsAndBytesDecoding;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaleGrid;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaledDecoding;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.text.JsonFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * The parts of a matrix that bitsandbytes writes. With 4 bits, {@code NAME.weight} is packed, and {@code
 * NAME.weight.quant_state.bitsandbytes__nf4} (or {@code fp4}) has JSON with the shape; see {@link BitsAndBytesDecoding}.
 * With 8 bits, {@code NAME.weight} is I8 [rows, columns], and {@code NAME.SCB} has the greatest magnitude of each row.
 */
final class BitsAndBytes {

    private static final String STATE = ".quant_state.bitsandbytes__";
    private static final long MOST_JSON = 1 << 16;
    private static final float ONE_OF_127 = 1f / 127;

    private BitsAndBytes() {}

    static Map<String, TensorInfo> apply(Map<String, TensorInfo> stored) {
        var parts = new QuantizedParts(stored);
        try (var files = new StoredBytes()) {
            for (String type : new String[] {"nf4", "fp4"}) {
                for (TensorInfo state : parts.ending(STATE + type)) {
                    joinFourBits(files, parts, state);
                }
            }
            for (TensorInfo greatest : parts.ending(".SCB")) {
                joinEightBits(files, parts, greatest);
            }
        }
        return parts.joined();
    }

    private static void joinFourBits(StoredBytes files, QuantizedParts parts, TensorInfo state) {
        String name = state.name().substring(0, state.name().indexOf(STATE));
        JsonObject json = json(files, state);
        TensorInfo packed = parts.of(state, name);
        TensorInfo absmax = parts.of(state, name + ".absmax");
        TensorInfo numbers = parts.of(state, name + ".quant_map");
        Optional<TensorInfo> nested = parts.find(name + ".nested_absmax");
        Optional<TensorInfo> nestedNumbers = nested.map(some -> parts.of(state, name + ".nested_quant_map"));
        int block = (int) number(state, json.get("blocksize"), "blocksize", BitsAndBytes::isSize);
        long[] shape = shape(state, json);
        long count = shape[0] * shape[1];
        if (packed.byteCount() != count / 2
                || !isVector(absmax, nested.isEmpty() ? StoredType.F32 : StoredType.U8, (count + block - 1) / block)
                || !isVector(numbers, StoredType.F32, BitsAndBytesDecoding.NUMBERS)) {
            throw QuantizedParts.misfit(
                    "%d numbers of 4 bits, a scale for each %d, and F32 [16]".formatted(count, block),
                    packed,
                    absmax,
                    numbers);
        }
        Optional<BitsAndBytesDecoding.Nested> scales = nested.map(some -> {
            int nestedBlock =
                    (int) number(state, json.get("nested_blocksize"), "nested_blocksize", BitsAndBytes::isSize);
            double offset = number(state, json.get("nested_offset"), "nested_offset", Double::isFinite);
            TensorInfo map = nestedNumbers.orElseThrow();
            if (!isVector(some, StoredType.F32, (absmax.elementCount() + nestedBlock - 1) / nestedBlock)
                    || !isVector(map, StoredType.F32, BitsAndBytesDecoding.NESTED_NUMBERS)) {
                throw QuantizedParts.misfit("a scale for each %d scales, F32 [256]".formatted(nestedBlock), some, map);
            }
            parts.drop(some);
            parts.drop(map);
            return new BitsAndBytesDecoding.Nested(some, map, nestedBlock, (float) offset);
        });
        parts.drop(state);
        parts.join(
                name,
                shape,
                absmax.as(StoredType.BF16),
                new BitsAndBytesDecoding(packed, numbers, absmax, block, scales),
                packed,
                numbers);
    }

    private static void joinEightBits(StoredBytes files, QuantizedParts parts, TensorInfo greatest) {
        String module = greatest.name().substring(0, greatest.name().length() - "SCB".length());
        TensorInfo weight = parts.of(greatest, module + "weight");
        parts.find(module + "weight_format").ifPresent(format -> {
            if (format.byteCount() != 1
                    || files.read(format.file(), format.offset(), 1).get() != 0) {
                throw QuantizedParts.contradiction(
                        format, "is not 0, rows in order. Save the model again with a current version of bitsandbytes");
            }
            parts.drop(format);
        });
        long[] shape = weight.shape();
        if (weight.type() != StoredType.I8 || shape.length != 2 || !isVector(greatest, StoredType.F32, shape[0])) {
            throw QuantizedParts.misfit("I8 [rows, columns], F32 [rows]", weight, greatest);
        }
        var grid = ScaleGrid.of(shape, greatest.shape(), Optional.empty())
                .orElseThrow(() -> QuantizedParts.misfit("at least one row and column", weight));
        parts.join(
                weight.name(),
                shape,
                greatest.as(StoredType.BF16),
                new ScaledDecoding(
                                StoredNumbers.decoding(weight),
                                StoredNumbers.decoding(greatest),
                                grid,
                                Optional.empty(),
                                Optional.empty())
                        .times(ONE_OF_127),
                weight);
    }

    private static boolean isVector(TensorInfo tensor, StoredType type, long size) {
        return tensor.type() == type && tensor.elementCount() == size;
    }

    private static JsonObject json(StoredBytes files, TensorInfo state) {
        if (state.type() != StoredType.U8 || state.byteCount() > MOST_JSON) {
            throw QuantizedParts.misfit("U8, at most %d bytes of JSON".formatted(MOST_JSON), state);
        }
        byte[] bytes = new byte[(int) state.byteCount()];
        files.read(state.file(), state.offset(), bytes.length).get(bytes);
        return JsonFile.object(Problem.TENSORS, state.name(), new String(bytes, StandardCharsets.UTF_8));
    }

    private static long[] shape(TensorInfo state, JsonObject json) {
        if (!(json.get("shape") instanceof JsonArray sizes) || sizes.size() != 2) {
            throw QuantizedParts.contradiction(state, "does not have a shape of two sizes");
        }
        long rows = (long) number(state, sizes.get(0), "shape", BitsAndBytes::isSize);
        long columns = (long) number(state, sizes.get(1), "shape", BitsAndBytes::isSize);
        if (rows * columns % 2 != 0) {
            throw QuantizedParts.contradiction(state, "has an odd number of numbers");
        }
        return new long[] {rows, columns};
    }

    private static boolean isSize(double number) {
        return number >= 1 && number <= 1 << 24 && number == Math.rint(number);
    }

    private static double number(TensorInfo state, JsonElement value, String key, DoublePredicate allowed) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber() && allowed.test(primitive.getAsDouble())) {
            return primitive.getAsDouble();
        }
        throw QuantizedParts.contradiction(state, "has no usable \"%s\"".formatted(key));
    }
}
