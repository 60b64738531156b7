/**
 * One queue for each model: plans, orders, packs, runs and cancels its requests.
 */
@NullMarked
package dev.stratalens.server.scheduling;

import org.jspecify.annotations.NullMarked;
