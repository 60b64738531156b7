package dev.stratalens.client.result;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Direct attribution: how much each part of the model writes toward the logit of a target at a position. The scale of the final
 * norm is taken as it is there, so a logit before the softcap is the sum of the shares of all {@link #parts} and of the biases.
 * The attribution of one target against another is the difference of their shares. Shares are in units of logits, nats; they are
 * empty where the position has no such target. A target, position or part that is not there is refused with an
 * {@link IllegalArgumentException}. Immutable, thread-safe, equal by value. Made by this library alone: methods will be added.
 */
public interface Attribution {

    /** The parts that add to the stream, in order of computation: the embedding, then the branches of each block. */
    List<ReadPoint> parts();

    /** The share of a part. */
    OptionalDouble share(ReadPoint part, LensTarget target, int position);

    /** Number of attention heads of a block; 0 where the block has no attention, or attention beside another mixer. */
    int heads(int block);

    /**
     * The share of an attention head. Those of all heads add up to that of the block's attention, but for the bias of its output
     * projection.
     *
     * @param head 0 .. heads - 1
     */
    OptionalDouble headShare(int block, int head, LensTarget target, int position);

    /** The share of the biases of the final norm and of the head. */
    OptionalDouble biasShare(LensTarget target, int position);

    /** The model's own logit, after a softcap if it has one. */
    OptionalDouble logit(LensTarget target, int position);

    /** The model's softcap of logits, which comes after the sum: c of c * tanh(sum / c). Empty if it has none. */
    OptionalDouble softcap();

    /** Largest difference of a logit from the sum of its shares, after the same softcap. */
    double largestDifference();
}
