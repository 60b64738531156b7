/**
 * One queue per model: plans, orders, packs, runs and cancels requests; warms models up.
 */
@NullMarked
package dev.stratalens.server.scheduling;

import org.jspecify.annotations.NullMarked;
