package dev.stratalens.client.result;

import dev.stratalens.client.request.Trajectories;

/**
 * What else the server says of a finished run.
 *
 * @param omittedTrajectories tracked tokens whose trajectory was left out because of
 *     {@link Trajectories#minimumPeak()}, summed over the positions
 * @param reservedBytes memory that the server reserved for the request
 */
public record RunFacts(long omittedTrajectories, long reservedBytes) {}
