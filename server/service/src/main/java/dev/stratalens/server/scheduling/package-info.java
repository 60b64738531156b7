/**
 * One queue per model: admits, orders, runs and cancels.
 */
@NullMarked
package dev.stratalens.server.scheduling;

import org.jspecify.annotations.NullMarked;
