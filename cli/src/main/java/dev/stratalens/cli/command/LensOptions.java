package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.IndexRange;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.SpecialTokens;
import dev.stratalens.client.TokenizeRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What to compute. */
final class LensOptions {

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

    /** What was typed. */
    LensSettings settings(SpecialTokens specialTokens) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        targets.forEach(target -> PromptInput.refuseMangled(target, encoding));
        Set<Switch> switches = EnumSet.noneOf(Switch.class);
        if (embedding) {
            switches.add(Switch.EMBEDDING);
        }
        if (noFinalNorm) {
            switches.add(Switch.NO_FINAL_NORM);
        }
        if (exact) {
            switches.add(Switch.EXACT);
        }
        return new LensSettings(layers, positions, topK, targets, statistics, specialTokens, switches);
    }

    /** The request for a prompt; asks the model for its size where a selection needs it. */
    LensRequest request(String text, SpecialTokens specialTokens, Connection connection, ProgressLine progress) {
        LensSettings settings = settings(specialTokens);
        settings.check();
        int blocks = connection.awaitModel(progress).info().layers();
        LensRequest.Builder builder = settings.addTo(LensRequest.of(text).model(connection.model()), blocks);
        if (!settings.positionSelection().isAll()) {
            int tokens = connection
                    .client()
                    .tokenize(new TokenizeRequest(connection.model(), text, specialTokens))
                    .tokens()
                    .size();
            builder.positions(
                    settings.positionSelection().ranges(tokens, "tokens").toArray(IndexRange[]::new));
        }
        return builder.build();
    }
}
