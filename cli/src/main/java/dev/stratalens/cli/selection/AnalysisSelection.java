package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which cells an analysis shows. What an analysis needs in them is decided by its command. */
public abstract sealed class AnalysisSelection extends LensSelection {

    public static final String HEADING = "%nWhich cells:%n";

    @Option(
            names = "--positions",
            paramLabel = "POSITIONS",
            description = "Tokens to show, written likewise (default: ${DEFAULT-VALUE}).")
    public String positions;

    /** Predictions a cell that a page in a browser is made with, as `analyze` does. */
    private static final int VIEWER_TOP_K = 5;

    private Needs needs = Needs.NOTHING;
    private NumberForm numberForm = NumberForm.EXACT;

    /**
     * What a request must ask for.
     *
     * @param topK predictions a cell
     * @param statistics as {@code --stats} takes them
     * @param targets what to follow
     * @param trajectories what to follow without a target
     * @param attributed whether to attribute the targets
     */
    public record Needs(
            int topK, String statistics, List<LensTarget> targets, Trajectories trajectories, boolean attributed) {

        public Needs(int topK, String statistics, List<LensTarget> targets, Trajectories trajectories) {
            this(topK, statistics, targets, trajectories, false);
        }

        static final Needs NOTHING = new Needs(1, "none", List.of(), Trajectories.none());

        public Needs {
            targets = List.copyOf(targets);
        }

        public static Needs statistics(String names) {
            return new Needs(1, names, List.of(), Trajectories.none());
        }

        public static Needs attribution(List<LensTarget> targets) {
            return new Needs(1, "none", targets, Trajectories.none(), true);
        }

        public static Needs targets(List<LensTarget> targets) {
            return new Needs(1, "none", targets, Trajectories.none());
        }
    }

    /** Shows every position unless others are chosen. */
    public static final class Every extends AnalysisSelection {
        public Every() {
            super("all");
        }
    }

    /** Shows the last position unless others are chosen. */
    public static final class Last extends AnalysisSelection {
        public Last() {
            super("last");
        }
    }

    private AnalysisSelection(String positions) {
        this.positions = positions;
    }

    /** Says what the request must ask for. */
    public AnalysisSelection needing(Needs wanted) {
        needs = wanted;
        return this;
    }

    /** Says that the request must ask for whatever the viewer can show, too. */
    public AnalysisSelection needingEverything() {
        numberForm = needs.trajectories().wanted() ? NumberForm.EXACT : NumberForm.COMPACT;
        return needing(new Needs(
                Math.max(needs.topK(), VIEWER_TOP_K),
                needs.statistics().equals("none") ? "all" : "all," + needs.statistics(),
                needs.targets(),
                needs.trajectories().wanted() ? needs.trajectories() : Trajectories.all(),
                needs.attributed()));
    }

    @Override
    LensSettings settings(SpecialTokens specialTokens) {
        Set<Switch> switches = switches();
        return new LensSettings(
                layers, positions, needs.topK(), List.of(), needs.statistics(), specialTokens, switches, oneLens());
    }

    @Override
    LensRequest.Builder complete(LensRequest.Builder request) {
        if (needs.attributed()) {
            request.withAttribution();
        }
        return request.target(needs.targets().toArray(LensTarget[]::new))
                .trajectories(needs.trajectories())
                .numberForm(numberForm);
    }

    /** The positions to show: all that were computed, or those chosen of a saved result. */
    public List<Integer> positions(LensResult result) {
        IndexSyntax selection = IndexSyntax.of("--positions", positions);
        if (selection.isAll()) {
            return result.positions();
        }
        List<Integer> chosen = selection.indices(result.tokens().size(), "tokens");
        for (int position : chosen) {
            if (!result.positions().contains(position)) {
                throw CliException.usage(
                        "--positions: %d is not in this result, which has %s.".formatted(position, result.positions()));
            }
        }
        return chosen;
    }
}
