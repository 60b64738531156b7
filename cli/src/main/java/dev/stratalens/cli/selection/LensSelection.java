package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which cells to compute, and how the residual is decoded. What each command wants in them it says itself. */
public abstract class LensSelection {

    @Option(
            names = "--layers",
            paramLabel = "LAYERS",
            defaultValue = "all",
            description =
                    "Blocks to show: all, last, 0,4,8, 10-20, 10-last, ::4 (default: all). A step keeps the last one.")
    String layers = "all";

    @Option(names = "--embedding", description = "Also show what enters block 0.")
    boolean embedding;

    @Option(names = "--no-final-norm", description = "Decode the raw residual, without the final norm.")
    boolean noFinalNorm;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            description =
                    "Read through this lens: logit (default), raw, or the name of a fitted lens that the model has.")
    public List<String> lenses = new ArrayList<>();

    @Option(names = "--no-special-tokens", description = "Leave out the tokenizer's special tokens.")
    public boolean noSpecialTokens;

    /** What was typed. */
    abstract LensSettings settings(SpecialTokens specialTokens);

    /** What was typed, of prompts that are no chats. */
    public final LensSettings settings() {
        return settings(noSpecialTokens ? SpecialTokens.NONE : SpecialTokens.TOKENIZER_DEFAULT);
    }

    /** Adds what cannot be typed as it is asked. */
    LensRequest.Builder complete(LensRequest.Builder request) {
        return request;
    }

    /** The lens to read through, where only one can be shown. */
    final List<String> oneLens() {
        if (lenses.size() > 1) {
            throw CliException.usage("--lens: this command shows one lens, and there are %d. `analyze` shows several."
                    .formatted(lenses.size()));
        }
        return lenses;
    }

    /** The switches that are common. */
    final Set<Switch> switches() {
        Set<Switch> switches = EnumSet.noneOf(Switch.class);
        if (embedding) {
            switches.add(Switch.EMBEDDING);
        }
        if (noFinalNorm) {
            switches.add(Switch.NO_FINAL_NORM);
        }
        return switches;
    }

    /** The request for a prompt. */
    public final LensRequest request(Prompt prompt, SpecialTokens specialTokens, String model) {
        LensRequest.Builder builder =
                settings(specialTokens).addTo(LensRequest.of(prompt).model(model));
        return complete(builder).build();
    }
}
