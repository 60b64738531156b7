package dev.stratalens.cli.types;

import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What to compute of each prompt of a study. */
public final class PromptsOptions {

    @Option(
            names = "--layers",
            paramLabel = "LAYERS",
            defaultValue = "all",
            description = "Blocks to read: all, last, 0,4,8, 10-20, ::4 (default: all). A step keeps the last one.")
    String layers = "all";

    @Option(
            names = "--positions",
            paramLabel = "POSITIONS",
            defaultValue = "last",
            description = "Tokens to read, written likewise (default: last). A prompt counts with their mean.")
    String positions = "last";

    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description =
                    "Target of prompts that name none: next (the prompt's own next token), id:N, text:T, or a text"
                            + " such as \" Paris\".")
    List<String> targets = new ArrayList<>();

    @Option(names = "--embedding", description = "Also read what enters block 0.")
    boolean embedding;

    @Option(names = "--no-final-norm", description = "Decode the raw residual, without the final norm.")
    boolean noFinalNorm;

    @Option(names = "--no-special-tokens", description = "Leave out the tokenizer's special tokens.")
    boolean noSpecialTokens;

    /** What was typed. */
    public LensSettings settings() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        targets.forEach(target -> PromptInput.refuseMangled(target, encoding));
        Set<Switch> switches = EnumSet.noneOf(Switch.class);
        if (embedding) {
            switches.add(Switch.EMBEDDING);
        }
        if (noFinalNorm) {
            switches.add(Switch.NO_FINAL_NORM);
        }
        return new LensSettings(
                layers,
                positions,
                1,
                targets,
                "all",
                noSpecialTokens ? SpecialTokens.NONE : SpecialTokens.TOKENIZER_DEFAULT,
                switches);
    }
}
