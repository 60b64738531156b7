package dev.stratalens.cli.analysis;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The attribution of one target, or of how far its logit is ahead of another.
 *
 * @param result that it belongs to
 * @param attribution of all targets
 * @param target whose logit is divided
 * @param against whose logit is taken from it
 */
public record AttributionView(
        LensResult result, Attribution attribution, LensTarget target, Optional<LensTarget> against) {

    /** The share of a part. */
    OptionalDouble share(ReadPoint part, int position) {
        return difference(one -> attribution.share(part, one, position));
    }

    /** The share of an attention head. */
    OptionalDouble headShare(int block, int head, int position) {
        return difference(one -> attribution.headShare(block, head, one, position));
    }

    /** The share of the biases after the last block. */
    OptionalDouble biasShare(int position) {
        return difference(one -> attribution.biasShare(one, position));
    }

    /** The logit, or the difference of two, as the model computes it. */
    OptionalDouble logit(int position) {
        return difference(one -> attribution.logit(one, position));
    }

    /** The sum of all shares. */
    OptionalDouble sum(int position) {
        double sum = biasShare(position).orElse(Double.NaN);
        for (ReadPoint part : attribution.parts()) {
            sum += share(part, position).orElse(Double.NaN);
        }
        return Double.isNaN(sum) ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }

    private OptionalDouble difference(Function<LensTarget, OptionalDouble> of) {
        OptionalDouble own = of.apply(target);
        OptionalDouble other = against.map(of).orElse(OptionalDouble.of(0));
        return own.isEmpty() || other.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(own.getAsDouble() - other.getAsDouble());
    }

    /** Largest number of heads of a block. */
    int heads() {
        return attribution.parts().stream()
                .mapToInt(part -> attribution.heads(part.block()))
                .max()
                .orElse(0);
    }

    /** Name of the target in files: what was asked for. */
    String name() {
        return TargetGroup.name(target);
    }

    /** The tokens at a position, with the one that it is ahead of. */
    String tokens(int position) {
        return display(target, position)
                + against.map(other -> " against " + display(other, position)).orElse("");
    }

    private String display(LensTarget one, int position) {
        return result.targetToken(one, position).stream()
                .mapToObj(result::token)
                .map(Token::display)
                .findFirst()
                .orElse("-");
    }
}
