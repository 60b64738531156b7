package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSelection;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.StatisticSelection;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.IndexRange;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.SpecialTokens;
import dev.stratalens.client.Statistic;
import dev.stratalens.client.TokenizeRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What to compute. */
final class LensOptions {

    private static final int MAXIMUM_TOP_K = 100;

    @Option(
            names = "--layers",
            paramLabel = "LAYERS",
            defaultValue = "all",
            description =
                    "Blocks to show: all, last, 0,4,8, 10-20, 10-last, ::4 (default: all). A step keeps the last one.")
    String layers = "all";

    @Option(
            names = "--positions",
            paramLabel = "POSITIONS",
            defaultValue = "all",
            description = "Tokens to show, written likewise (default: all).")
    String positions = "all";

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "5",
            description = "Predictions a cell, 1 to 100 (default: 5).")
    int topK = 5;

    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description = "Follow a token's rank and probability: next (the prompt's own), final-top (the prediction),"
                    + " id:N, text:T, or a text such as \" Paris\". May be given several times.")
    List<String> targets = new ArrayList<>();

    @Option(
            names = "--stats",
            paramLabel = "STATS",
            defaultValue = "all",
            description =
                    "all, none, or some of entropy,kl,kl-next (default: all, which leaves out kl-next: it doubles the time).")
    String statistics = "all";

    @Option(names = "--embedding", description = "Also show what enters block 0.")
    boolean embedding;

    @Option(names = "--no-final-norm", description = "Decode the raw residual, without the final norm.")
    boolean noFinalNorm;

    @Option(names = "--no-special-tokens", description = "Leave out the tokenizer's special tokens.")
    boolean noSpecialTokens;

    @Option(names = "--exact", description = "Trajectories in float32 (default: to a millionth).")
    boolean exact;

    /** Whether nothing was selected: probably a first look. */
    boolean isDefault() {
        return layers.equals("all") && positions.equals("all") && targets.isEmpty();
    }

    /** The request for a prompt; asks the model for its size where a selection needs it. */
    LensRequest request(String text, SpecialTokens specialTokens, Connection connection, ProgressLine progress) {
        IndexSelection layerSelection = IndexSelection.of("--layers", layers);
        IndexSelection positionSelection = IndexSelection.of("--positions", positions);
        if (topK < 1 || topK > MAXIMUM_TOP_K) {
            throw CliException.usage("--top-k: %d is out of range; 1 to %d.".formatted(topK, MAXIMUM_TOP_K));
        }
        LensRequest.Builder builder = LensRequest.of(text)
                .model(connection.model())
                .topK(topK)
                .statistics(StatisticSelection.parse(statistics).toArray(Statistic[]::new))
                .target(targets.stream().map(LensOptions::target).toArray(LensTarget[]::new));
        if (embedding) {
            builder.includeEmbedding();
        }
        if (noFinalNorm) {
            builder.skipFinalNorm();
        }
        if (specialTokens == SpecialTokens.NONE) {
            builder.withoutSpecialTokens();
        }
        if (exact) {
            builder.exact();
        }
        int blocks = connection.awaitModel(progress).info().layers();
        builder.layers(layerSelection.ranges(blocks, "layers").toArray(IndexRange[]::new));
        if (!positionSelection.isAll()) {
            int tokens = connection
                    .client()
                    .tokenize(new TokenizeRequest(connection.model(), text, specialTokens))
                    .tokens()
                    .size();
            builder.positions(positionSelection.ranges(tokens, "tokens").toArray(IndexRange[]::new));
        }
        return builder.build();
    }

    private static LensTarget target(String argument) {
        PromptInput.refuseMangled(argument, System.getProperty("sun.jnu.encoding", "UTF-8"));
        return TargetSyntax.parse(argument);
    }
}
