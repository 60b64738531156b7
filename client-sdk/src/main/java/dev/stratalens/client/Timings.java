package dev.stratalens.client;

/**
 * Where the server's time went, in milliseconds.
 *
 * @param queueMs waiting
 * @param forwardMs forward pass
 * @param lensMs lens
 */
public record Timings(double queueMs, double forwardMs, double lensMs) {}
