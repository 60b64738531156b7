package dev.stratalens.cli.intervention;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.IndexRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows are changed. */
final class RowOptions {

    static final String HEADING = "%nWhere to change:%n";

    @Option(
            names = "--site",
            paramLabel = "SITE",
            description = "One of ${COMPLETION-CANDIDATES} (default: block-output).")
    ChangedSite site = ChangedSite.BLOCK_OUTPUT;

    @Option(names = "--at-layers", paramLabel = "LAYERS", description = "Blocks: all, last, 3, 0,4,8, 10-20.")
    @Nullable
    String layers;

    @Option(names = "--at-positions", paramLabel = "POSITIONS", description = "Tokens of the prompt, written likewise.")
    @Nullable
    String positions;

    @Option(names = "--heads", paramLabel = "HEADS", description = "With --site attention-heads: which (default: all).")
    String heads = "all";

    @Option(
            names = "--skip-first-token",
            description = "Leave the first token as it is: many models keep something else there.")
    boolean skipsFirstToken;

    /** Whether some option says which rows. */
    boolean isGiven() {
        return site != ChangedSite.BLOCK_OUTPUT
                || layers != null
                || positions != null
                || !heads.equals("all")
                || skipsFirstToken;
    }

    /**
     * The rows.
     *
     * @param layersByDefault layers without the option; null if they must be named
     * @param positionsByDefault positions without the option
     */
    ChangedRows rows(@Nullable String layersByDefault, String positionsByDefault) {
        if (!heads.equals("all") && site != ChangedSite.ATTENTION_HEADS) {
            throw CliException.usage("--heads needs --site attention-heads.");
        }
        ChangedRows rows = site == ChangedSite.ATTENTION_HEADS
                ? ChangedRows.attentionHeads(ranges("--heads", heads))
                : site.rows();
        if (site == ChangedSite.EMBEDDING) {
            if (layers != null) {
                throw CliException.usage("--at-layers: the embedding is before the blocks; leave the option out.");
            }
        } else {
            String named = layers == null ? layersByDefault : layers;
            if (named == null) {
                throw CliException.usage(
                        "--at-layers: name the blocks after which rows are changed, such as 3 or 4-6.");
            }
            rows = rows.layers(ranges("--at-layers", named));
        }
        rows = rows.positions(ranges("--at-positions", positions == null ? positionsByDefault : positions));
        return skipsFirstToken ? rows.withoutFirstToken() : rows;
    }

    private static IndexRange[] ranges(String option, String text) {
        return IndexSyntax.of(option, text).ranges().toArray(IndexRange[]::new);
    }

    /** The rows in words: {@code block-output, layers 3, tokens last}. */
    String inWords(String layersByDefault, String positionsByDefault) {
        String where = site == ChangedSite.EMBEDDING ? "" : ", layers " + (layers == null ? layersByDefault : layers);
        return "%s%s, tokens %s".formatted(site, where, positions == null ? positionsByDefault : positions);
    }
}
