package dev.stratalens.server.access;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one principal may use. Empty where there is no limit.
 *
 * @param requestsPerMinute prompts, those of batches included, and texts that are only read
 * @param tokensPerMinute tokens of prompts
 * @param inFlight what counts as a request and waits or runs at a time
 * @param queueShare share of a model's queue, and of its texts that are only read, above 0 and at most 1
 * @param promptTokens tokens of one prompt
 * @param answerCells cells of one answer
 * @param weight turns in a queue for each turn of a principal with weight 1, where several wait; 1 or more
 */
public record Quota(
        OptionalInt requestsPerMinute,
        OptionalLong tokensPerMinute,
        OptionalInt inFlight,
        OptionalDouble queueShare,
        OptionalInt promptTokens,
        OptionalLong answerCells,
        int weight) {

    /** No limit, and the turns that everybody has. */
    public static final Quota UNLIMITED = new Quota(
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            1);

    /** Places in a queue that the principal may take of so many: one at least. */
    public long placesOf(int capacity) {
        return (long) Math.max(1, queueShare.orElse(1) * capacity);
    }
}
