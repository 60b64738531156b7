package dev.stratalens.cli.selection;

import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.StatisticSelection;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What to compute where everything is shown. */
public final class LensOptions extends LensSelection {

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
    public int topK = 5;

    @Option(
            names = "--candidates",
            paramLabel = "RULE",
            defaultValue = LensSettings.MOST_LIKELY,
            description =
                    "Which tokens are the predictions after the likeliest one: most-likely (default), words, least-likely, or those"
                            + " that are likelier here than elsewhere: contrast:LAYER, contrast:LENS.")
    public String candidates = LensSettings.MOST_LIKELY;

    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description = "Follow a token's rank and probability: next (the prompt's own), final-top (the prediction),"
                    + " id:N, text:T, or a text such as \" Paris\". May be given several times.")
    public List<String> targets = new ArrayList<>();

    @Option(
            names = "--stats",
            paramLabel = "STATS",
            defaultValue = "all",
            completionCandidates = StatisticSelection.Names.class,
            description =
                    "all, none, or some of ${COMPLETION-CANDIDATES}, separated by commas (default: all, which leaves"
                            + " out kl-from-next, which costs more, and cross-entropy, which --target next says, too).")
    public String statistics = "all";

    @Option(
            names = "--sites",
            paramLabel = "SITE",
            split = ",",
            completionCandidates = InnerSite.class,
            converter = InnerSite.class,
            description =
                    "Also read inside each block: some of ${COMPLETION-CANDIDATES}, separated by commas. all also reads the"
                            + " embedding.")
    public List<Switch> sites = new ArrayList<>();

    @Option(
            names = "--attribution",
            description =
                    "Also how much each part of the model writes toward the targets' logits: bars in a page, numbers in json.")
    boolean attribution;

    @Option(
            names = "--exact",
            description = "All numbers in float32, as computed (default: as exact as a reader needs, in fewer bytes).")
    boolean exact;

    /** Whether nothing was selected: probably a first look. */
    public boolean isDefault() {
        return layers.equals("all") && positions.equals("all") && targets.isEmpty() && sites.isEmpty();
    }

    @Override
    public LensSettings settings(SpecialTokens specialTokens) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        targets.forEach(target -> PromptInput.refuseMangled(target, encoding));
        Set<Switch> switches = switches();
        switches.addAll(sites);
        if (attribution) {
            switches.add(Switch.ATTRIBUTION);
        }
        if (exact) {
            switches.add(Switch.EXACT);
        }
        return new LensSettings(
                layers, positions, topK, targets, statistics, specialTokens, switches, lenses, candidates);
    }
}
