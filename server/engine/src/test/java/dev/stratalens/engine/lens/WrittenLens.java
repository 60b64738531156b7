package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A lens of numbers that a test chooses, written in the product's own form. */
final class WrittenLens {

    private final int width;
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, String> facts = new LinkedHashMap<>();

    /** @param form {@code residual} or {@code plain} */
    WrittenLens(int width, String form) {
        this.width = width;
        facts.put("format", "stratalens-lens-1");
        facts.put("form", form);
    }

    WrittenLens fact(String name, String value) {
        facts.put(name, value);
        return this;
    }

    WrittenLens map(ReadPoint point, float[] matrix) {
        tensors.put(name(point) + ".matrix", matrix);
        return this;
    }

    WrittenLens map(ReadPoint point, float[] matrix, float[] bias) {
        tensors.put(name(point) + ".bias", bias);
        return map(point, matrix);
    }

    static float[] identity(int width) {
        float[] matrix = new float[width * width];
        for (int i = 0; i < width; i++) {
            matrix[i * width + i] = 1;
        }
        return matrix;
    }

    private static String name(ReadPoint point) {
        return point.isLayer() ? "layer." + point.block() : "embedding";
    }

    FittedLens in(Path file) {
        List<String> entries = new ArrayList<>();
        int end = 0;
        for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
            int length = tensor.getValue().length;
            String shape = length == width ? "[%d]".formatted(width) : "[%d,%d]".formatted(width, length / width);
            entries.add("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.getKey(), shape, end, end + length * Float.BYTES));
            end += length * Float.BYTES;
        }
        String metadata = facts.entrySet().stream()
                .map(fact -> "\"%s\":\"%s\"".formatted(fact.getKey(), fact.getValue()))
                .collect(Collectors.joining(","));
        byte[] header = "{\"__metadata__\":{%s},%s}"
                .formatted(metadata, String.join(",", entries))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        tensors.values().forEach(values -> {
            for (float value : values) {
                bytes.putFloat(value);
            }
        });
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LensFiles.read(file);
    }
}
