package dev.stratalens.client.result;

import java.util.OptionalInt;

/**
 * One cell of a sweep.
 *
 * @param layer block that was changed; 0 for the embedding
 * @param position token that was changed
 * @param head attention head that was changed; empty if all of the request were changed together
 * @param value the metric of the changed pass
 */
public record SweepCell(int layer, int position, OptionalInt head, float value) {}
