package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GGUF file that may be the first of several: {@code NAME-00001-of-00003.gguf}. */
public final class GgufParts {

    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    private GgufParts() {}

    /** The keys of the first part and the tensors of all. */
    public static GgufFile read(Path path) {
        GgufFile first = GgufFile.read(path);
        int count = first.metadata().integer("split.count").orElse(0);
        if (count <= 1) {
            return first;
        }
        String name = String.valueOf(path.getFileName());
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || !matcher.group(2).equals("00001") || Integer.parseInt(matcher.group(3)) != count) {
            throw first.metadata()
                    .invalid(
                            "split.count",
                            "is %d. Give the first part, such as %s".formatted(count, partName("NAME", 1, count)));
        }
        Map<String, GgufTensor> tensors = new LinkedHashMap<>(first.tensors());
        for (int number = 2; number <= count; number++) {
            Path part = path.resolveSibling(partName(matcher.group(1), number, count));
            if (!Files.isRegularFile(part)) {
                throw InvalidCheckpointException.of(
                        Problem.MISSING_FILE,
                        part,
                        "is missing. Download all %d parts into one directory".formatted(count));
            }
            GgufFile read = GgufFile.read(part);
            read.tensors().forEach((tensorName, tensor) -> {
                if (tensors.put(tensorName, tensor) != null) {
                    throw read.metadata().invalid(tensorName, "occurs in two parts. Download them again");
                }
            });
        }
        return new GgufFile(first.metadata(), tensors);
    }

    private static String partName(String name, int number, int count) {
        return "%s-%05d-of-%05d.gguf".formatted(name, number, count);
    }
}
