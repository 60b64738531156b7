package dev.stratalens.cli.intervention;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.PromptRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What rows become. */
final class ReplacementOptions {

    static final String HEADING = "%nWhat the rows become (one of these):%n";

    @Option(names = "--from", paramLabel = "SOURCE", description = "The rows of this prompt: activation patching.")
    @Nullable
    String source;

    @Option(
            names = "--from-layer",
            paramLabel = "LAYER",
            description = "With --from: the rows of this block (default: of the changed one).")
    @Nullable
    String sourceLayer;

    @Option(
            names = "--from-positions",
            paramLabel = "POSITIONS",
            description =
                    "With --from: one token of the source for all rows, or one for each (default: the same positions).")
    @Nullable
    String sourcePositions;

    @Option(names = "--zero", description = "Zeros: at the output of a branch, the branch adds nothing.")
    boolean zero;

    @Option(
            names = "--mean-of",
            paramLabel = "TEXT",
            description = "The mean over all tokens of these prompts. May be given several times.")
    List<String> means = new ArrayList<>();

    @Option(names = "--times", paramLabel = "FACTOR", description = "Themselves times a factor.")
    @Nullable
    Double factor;

    @Option(names = "--skip-block", description = "What entered the block: the block is left out.")
    boolean skipsBlock;

    /** Whether some option says what the rows become. */
    boolean isGiven() {
        return source != null
                || sourceLayer != null
                || sourcePositions != null
                || zero
                || !means.isEmpty()
                || factor != null
                || skipsBlock;
    }

    /** The operation. */
    Operation operation(ChatOptions chat) {
        long given = Stream.of(source != null, zero, !means.isEmpty(), factor != null, skipsBlock)
                .filter(each -> each)
                .count();
        if (given != 1) {
            throw CliException.usage(
                    "say once what the rows become: --from SOURCE, --zero, --mean-of TEXT, --times FACTOR or --skip-block.");
        }
        if (source == null && (sourceLayer != null || sourcePositions != null)) {
            throw CliException.usage("--from-layer and --from-positions need --from SOURCE.");
        }
        if (source != null) {
            return replace(prompt(source, chat));
        } else if (zero) {
            return Operation.setZero();
        } else if (factor != null) {
            return Operation.scale(factor);
        } else if (skipsBlock) {
            return Operation.skipBlock();
        }
        return Operation.setMean(
                PromptRows.of(means.stream().map(text -> prompt(text, chat)).toList()));
    }

    /** The operation in words. */
    String inWords() {
        if (source != null) {
            return "replaced from \"%s\"%s%s"
                    .formatted(
                            source,
                            sourceLayer == null ? "" : ", layer " + sourceLayer,
                            sourcePositions == null ? "" : ", tokens " + sourcePositions);
        } else if (zero) {
            return "set to zeros";
        } else if (factor != null) {
            return "times " + factor;
        }
        return skipsBlock ? "skipping the block" : "set to the mean of %d prompts".formatted(means.size());
    }

    static Prompt prompt(String text, ChatOptions chat) {
        PromptInput.refuseMangled(text, System.getProperty("sun.jnu.encoding", "UTF-8"));
        if (text.isEmpty()) {
            throw CliException.usage("a source prompt is empty; give a text of one character or more.");
        }
        return chat.prompt(text);
    }

    private Operation replace(Prompt prompt) {
        Operation.ReplaceFrom replace = Operation.replaceFrom(prompt);
        if (sourceLayer != null) {
            List<IndexRange> layers =
                    IndexSyntax.of("--from-layer", sourceLayer).ranges();
            if (layers.size() != 1 || layers.get(0).from() != layers.get(0).to()) {
                throw CliException.usage("--from-layer: \"%s\" is not one layer.".formatted(sourceLayer));
            }
            replace = replace.layer(layers.get(0).from());
        }
        if (sourcePositions != null) {
            replace = replace.positions(
                    IndexSyntax.of("--from-positions", sourcePositions).ranges().toArray(IndexRange[]::new));
        }
        return replace;
    }
}
