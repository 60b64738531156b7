package dev.stratalens.cli.selection;

import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What to compute of each prompt of a study. */
public final class PromptsOptions extends LensSelection {

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

    @Override
    LensSettings settings(SpecialTokens specialTokens) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        targets.forEach(target -> PromptInput.refuseMangled(target, encoding));
        return new LensSettings(layers, positions, 1, targets, "all", specialTokens, switches(), oneLens());
    }
}
