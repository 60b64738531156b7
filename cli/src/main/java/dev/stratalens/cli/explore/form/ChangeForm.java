package dev.stratalens.cli.explore.form;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.Direction;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.Site;
import org.jspecify.annotations.Nullable;

/**
 * A change of one block's output: either a row that is replaced, or a direction that is added.
 *
 * @param layer block whose output is changed
 * @param position token where; absent = every token
 * @param replacement what the row becomes
 * @param steering what is added
 */
public record ChangeForm(
        int layer,
        @Nullable Integer position,
        @Nullable Replacement replacement,
        @Nullable Steering steering) {

    /**
     * A row of another prompt.
     *
     * @param prompt the other prompt
     * @param layer block of the row
     * @param position token of the row
     */
    public record Replacement(@Nullable PromptForm prompt, int layer, int position) {

        private Operation operation() {
            if (prompt == null || prompt.text() == null || prompt.text().isEmpty()) {
                throw CliException.usage("the source prompt is empty; type a text of one character or more.");
            }
            return Operation.replaceFrom(prompt.prompt()).layer(layer).positions(IndexRange.of(position));
        }
    }

    /**
     * A direction of a token.
     *
     * @param token as the command line writes a target
     * @param strength length of what is added, as a share of the row's; negative = away from the token
     */
    public record Steering(@Nullable String token, double strength) {

        private LensTarget target() {
            if (token == null || token.isEmpty()) {
                throw CliException.usage("the direction has no token; type one, for example \" Paris\".");
            }
            return TargetSyntax.parse(token);
        }
    }

    /**
     * Adds the change, and that its effect and the unchanged pass are wanted.
     *
     * @throws CliException if something is not understood
     * @throws IllegalArgumentException if something is out of range, as far as that is known without the model
     */
    LensRequest.Builder addTo(LensRequest.Builder request) {
        request.exact().withUnchanged();
        if (replacement != null && steering == null) {
            return request.intervention(Intervention.of(rows(), replacement.operation()))
                    .withEffect(Metric.klFromUnchanged());
        } else if (steering != null && replacement == null) {
            LensTarget token = steering.target();
            return request.intervention(
                            Intervention.of(rows(), Operation.addShare(Direction.token(token), steering.strength())))
                    .withEffect(Metric.klFromUnchanged(), Metric.logProbability(token));
        }
        throw CliException.usage("a change either replaces a row or adds a direction; give one of the two.");
    }

    private ChangedRows rows() {
        ChangedRows rows = ChangedRows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(layer));
        return position == null ? rows : rows.positions(IndexRange.of(position));
    }
}
