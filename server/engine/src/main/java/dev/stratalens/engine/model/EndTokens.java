package dev.stratalens.engine.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.text.JsonFile;
import dev.stratalens.engine.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the tokens that end a text: those of {@code generation_config.json}, or else of {@code config.json}, or else the one of the
 * tokenizer.
 */
final class EndTokens {

    private static final String FILE = "generation_config.json";
    private static final String KEY = "eos_token_id";

    private EndTokens() {}

    /** @param vocabulary number of ids of the model; a file's other ids are left out, since the model cannot choose them */
    static Set<Integer> of(Checkpoint checkpoint, Tokenizer tokenizer, int vocabulary) {
        Set<Integer> found = new TreeSet<>(ofGeneration(checkpoint.directory().resolve(FILE)));
        if (found.isEmpty()) {
            found.addAll(of(checkpoint.config()));
        }
        if (found.isEmpty()) {
            found.addAll(of(checkpoint.config().outer()));
        }
        if (found.isEmpty()) {
            tokenizer.endOfText().ifPresent(found::add);
        }
        return found.stream().filter(id -> id >= 0 && id < vocabulary).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Integer> ofGeneration(Path file) {
        if (!Files.isRegularFile(file)) {
            return Set.of();
        }
        try {
            JsonElement ids = JsonFile.object(Problem.CONFIGURATION, FILE, Files.readString(file))
                    .get(KEY);
            Stream<JsonElement> each = ids instanceof JsonArray list ? list.asList().stream() : Stream.ofNullable(ids);
            return each.filter(id -> !id.isJsonNull()).map(EndTokens::id).collect(Collectors.toSet());
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.CONFIGURATION, file, e);
        }
    }

    private static int id(JsonElement written) {
        if (written instanceof JsonPrimitive number
                && number.isNumber()
                && number.getAsDouble() == Math.rint(number.getAsDouble())) {
            return number.getAsInt();
        }
        throw InvalidCheckpointException.of(
                Problem.CONFIGURATION, FILE, KEY, "is %s; allowed: a token id or a list of them".formatted(written));
    }

    private static Set<Integer> of(HfConfig config) {
        List<Double> ids = config.isList(KEY)
                ? config.numbers(KEY)
                : config.optionalNumber(KEY).stream().toList();
        return ids.stream().map(Double::intValue).collect(Collectors.toSet());
    }
}
