/**
 * One queue per model: admits, orders, runs and cancels.
 */
@NullMarked
package dev.stratalens.server.scheduler;

import org.jspecify.annotations.NullMarked;
