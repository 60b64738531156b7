package dev.stratalens.engine.parity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** The tensors of safetensors files, read in full. Floating-point values of any stored type are widened exactly. */
public final class TensorFile {

    private record Tensor(String type, int[] shape, ByteBuffer bytes) {}

    private final Map<String, Tensor> tensors = new HashMap<>();

    /** Reads one file. */
    public static TensorFile of(Path file) {
        TensorFile tensors = new TensorFile();
        tensors.add(file);
        return tensors;
    }

    /** Reads the weights of a model directory, however many files they are in. */
    public static TensorFile ofModel(Path directory) {
        TensorFile tensors = new TensorFile();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "model*.safetensors")) {
            files.forEach(tensors::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensors;
    }

    private void add(Path file) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int headerLength = Math.toIntExact(bytes.getLong());
        String header = UTF_8.decode(bytes.slice(Long.BYTES, headerLength)).toString();
        for (Map.Entry<String, JsonElement> entry :
                JsonParser.parseString(header).getAsJsonObject().entrySet()) {
            if (entry.getKey().equals("__metadata__")) {
                continue;
            }
            JsonObject description = entry.getValue().getAsJsonObject();
            int[] offsets = ints(description.get("data_offsets"));
            ByteBuffer data = bytes.slice(Long.BYTES + headerLength + offsets[0], offsets[1] - offsets[0])
                    .order(ByteOrder.LITTLE_ENDIAN);
            tensors.put(
                    entry.getKey(),
                    new Tensor(description.get("dtype").getAsString(), ints(description.get("shape")), data));
        }
    }

    private static int[] ints(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    public int[] shape(String name) {
        return tensor(name).shape().clone();
    }

    /** The values of a floating-point tensor, in row-major order. */
    public float[] floats(String name) {
        return floats(name, 0, elements(name));
    }

    /** As many values of a floating-point tensor as asked for, the first of them at an index in row-major order. */
    public float[] floats(String name, int from, int count) {
        Tensor tensor = tensor(name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int index = from + i;
            values[i] = switch (tensor.type()) {
                case "F32" -> tensor.bytes().getFloat(index * Float.BYTES);
                case "BF16" -> Float.intBitsToFloat(tensor.bytes().getShort(index * Short.BYTES) << 16);
                case "F16" -> widenHalf(tensor.bytes().getShort(index * Short.BYTES));
                default -> throw new IllegalStateException(name + " is " + tensor.type() + ", not floating-point");
            };
        }
        return values;
    }

    /** The values of an int32 tensor, in row-major order. */
    public int[] ints(String name) {
        return ints(name, 0, elements(name));
    }

    /** As many values of an int32 tensor as asked for, the first of them at an index in row-major order. */
    public int[] ints(String name, int from, int count) {
        Tensor tensor = tensor(name);
        if (!tensor.type().equals("I32")) {
            throw new IllegalStateException(name + " is " + tensor.type() + ", not I32");
        }
        return IntStream.range(from, from + count)
                .map(i -> tensor.bytes().getInt(i * Integer.BYTES))
                .toArray();
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no tensor " + name + "; there are " + tensors.keySet());
        }
        return tensor;
    }

    private int elements(String name) {
        return IntStream.of(tensor(name).shape()).reduce(1, Math::multiplyExact);
    }

    private static float widenHalf(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = (0x400 + fraction) * 0x1p-25f * (1 << exponent);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
