package dev.stratalens.cli.intervention;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.client.request.Direction;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.PromptRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Along which direction rows are moved, and how far. */
final class SteeringOptions {

    static final String HEADING = "%nDirection (one of these) and strength:%n";

    @Option(
            names = "--toward",
            paramLabel = "TOKEN",
            description = "Of a token: id:N, text:T, or a text such as \" Paris\".")
    @Nullable
    String token;

    @Option(
            names = "--through",
            paramLabel = "LENS",
            description = "With --toward: through the maps of this fitted lens (default: the row of the unembedding).")
    @Nullable
    String lens;

    @Option(
            names = "--more",
            paramLabel = "TEXT",
            description =
                    "Toward the mean of the rows of these prompts, away from those of --less. May be given several times.")
    List<String> more = new ArrayList<>();

    @Option(names = "--less", paramLabel = "TEXT", description = "See --more.")
    List<String> less = new ArrayList<>();

    @Option(
            names = "--read-at",
            paramLabel = "POSITIONS",
            description = "With --more: which tokens of these prompts (default: last).")
    String readAt = "last";

    @Option(names = "--vector", paramLabel = "FILE", description = "Numbers, as a JSON array.")
    @Nullable
    Path vector;

    @Option(
            names = "--strength",
            paramLabel = "S",
            description = "Length of what is added, as a share of the row's; negative: away (default: 1).")
    @Nullable
    Double strength;

    @Option(
            names = "--factor",
            paramLabel = "C",
            description = "Instead of --strength: a factor of the direction as it is.")
    @Nullable
    Double factor;

    @Option(
            names = "--at-most",
            paramLabel = "SHARE",
            description = "Limit of the length of what is added, as a share of the row's.")
    @Nullable
    Double atMost;

    @Option(names = "--remove", description = "Take the part along the direction away, instead of adding it.")
    boolean removes;

    @Option(
            names = "--swap-with",
            paramLabel = "TOKEN",
            description = "Move the part along the direction to that of this token instead.")
    @Nullable
    String other;

    /** Whether some option is about a direction. */
    boolean isGiven() {
        return Stream.of(token, lens, vector, strength, factor, atMost, other).anyMatch(Objects::nonNull)
                || !more.isEmpty()
                || !less.isEmpty()
                || removes;
    }

    /** The operation. */
    Operation operation(ChatOptions chat) throws IOException {
        Direction direction = direction(chat);
        if (removes || other != null) {
            if (strength != null || factor != null || atMost != null || (removes && other != null)) {
                throw CliException.usage(
                        "--remove and --swap-with exclude each other, and need no --strength, --factor or --at-most.");
            }
            return other == null
                    ? Operation.projectOut(direction)
                    : Operation.swap(direction, ofToken("--swap-with", other));
        }
        if (strength != null && factor != null) {
            throw CliException.usage("--strength and --factor exclude each other; give one of the two.");
        }
        Operation.Add add = factor == null
                ? Operation.addShare(direction, strength == null ? 1.0 : strength)
                : Operation.add(direction, factor);
        return atMost == null ? add : add.atMost(atMost);
    }

    private Direction direction(ChatOptions chat) throws IOException {
        long given = Stream.of(token != null, !more.isEmpty() || !less.isEmpty(), vector != null)
                .filter(each -> each)
                .count();
        if (given != 1) {
            throw CliException.usage(
                    "say once in which direction: --toward TOKEN, --more TEXT with --less TEXT, or --vector FILE.");
        }
        if (lens != null && token == null) {
            throw CliException.usage("--through needs --toward TOKEN.");
        }
        if (token != null) {
            return ofToken("--toward", token);
        }
        if (vector != null) {
            return Direction.vector(numbers(vector));
        }
        if (more.isEmpty() || less.isEmpty()) {
            throw CliException.usage("a direction from prompts needs --more TEXT and --less TEXT, each once or more.");
        }
        return Direction.difference(rows(more, chat), rows(less, chat));
    }

    private Direction ofToken(String option, String typed) {
        PromptInput.refuseMangled(typed, System.getProperty("sun.jnu.encoding", "UTF-8"));
        LensTarget target = TargetSyntax.parse(typed);
        if (target.dependsOnPosition()) {
            throw CliException.usage("%s: %s is another token at each position; name one.".formatted(option, typed));
        }
        return lens == null ? Direction.token(target) : Direction.token(target, lens);
    }

    private PromptRows rows(List<String> texts, ChatOptions chat) {
        return PromptRows.of(
                texts.stream()
                        .map(text -> ReplacementOptions.prompt(text, chat))
                        .toList(),
                IndexSyntax.of("--read-at", readAt).ranges().toArray(IndexRange[]::new));
    }

    private static float[] numbers(Path file) throws IOException {
        try {
            float[] numbers = new Gson().fromJson(Files.readString(file), float[].class);
            if (numbers != null && numbers.length > 0) {
                return numbers;
            }
        } catch (JsonParseException e) {
            // said below
        }
        throw CliException.usage("--vector: %s is not a JSON array of numbers, such as [0.5, -1, 2].".formatted(file));
    }

    /** The operation in words. */
    String inWords() {
        String what = token != null
                ? "the direction of \"%s\"%s".formatted(token, lens == null ? "" : " through " + lens)
                : vector != null
                        ? "the vector of " + vector
                        : "what %d prompts have more than %d".formatted(more.size(), less.size());
        if (removes) {
            return "without " + what;
        } else if (other != null) {
            return "with %s moved to that of \"%s\"".formatted(what, other);
        }
        return factor == null
                ? "plus %s, %s times as long as the row".formatted(what, strength == null ? "1" : strength.toString())
                : "plus %s times %s".formatted(factor, what);
    }
}
