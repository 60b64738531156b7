package dev.stratalens.server.scheduling;

/**
 * The queue of a model.
 *
 * @param waiting requests that wait
 * @param running requests of the pass that runs
 * @param passes begun so far
 */
public record QueueState(int waiting, int running, PassCount passes) {}
