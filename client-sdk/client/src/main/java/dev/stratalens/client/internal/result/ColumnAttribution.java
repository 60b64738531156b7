package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.ResultInfo;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An attribution over its columns.
 *
 * @param info of the result
 * @param columns its values
 */
public record ColumnAttribution(ResultInfo info, AttributionColumns columns) implements Attribution {

    private static final float[] NO_HEADS = {};

    @Override
    public List<ReadPoint> parts() {
        return columns.parts();
    }

    @Override
    public OptionalDouble share(ReadPoint part, LensTarget target, int position) {
        int index = columns.parts().indexOf(part);
        if (index < 0) {
            throw new IllegalArgumentException(part + " is no part of this attribution, which has " + columns.parts());
        }
        return present(columns.shares().get(index)[place(target, position)]);
    }

    @Override
    public int heads(int block) {
        int logits = columns.logits().length;
        return columns.heads().getOrDefault(block, NO_HEADS).length / logits;
    }

    @Override
    public OptionalDouble headShare(int block, int head, LensTarget target, int position) {
        int heads = heads(block);
        if (head < 0 || head >= heads) {
            throw new IllegalArgumentException(
                    "block %d has no head %d in this attribution, but %d heads".formatted(block, head, heads));
        }
        return present(columns.heads().getOrDefault(block, NO_HEADS)[place(target, position) * heads + head]);
    }

    @Override
    public OptionalDouble biasShare(LensTarget target, int position) {
        return present(columns.biases()[place(target, position)]);
    }

    @Override
    public OptionalDouble logit(LensTarget target, int position) {
        return present(columns.logits()[place(target, position)]);
    }

    @Override
    public OptionalDouble softcap() {
        return columns.softcap() > 0 ? OptionalDouble.of(columns.softcap()) : OptionalDouble.empty();
    }

    @Override
    public double largestDifference() {
        return columns.largestDifference();
    }

    private int place(LensTarget target, int position) {
        return info.positionIndex(position) * info.targets().size() + info.targetIndex(target);
    }

    private static OptionalDouble present(float value) {
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
