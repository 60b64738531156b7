package dev.stratalens.client.result;

/**
 * Where the server's time went, in milliseconds. NaN in results that were read from a file that does not say.
 *
 * @param queueMs waiting
 * @param forwardMs forward pass
 * @param lensMs lens
 */
public record Timings(double queueMs, double forwardMs, double lensMs) {}
