/**
 * The server as a whole: its parts put together, started and stopped.
 */
@NullMarked
package dev.stratalens.server;

import org.jspecify.annotations.NullMarked;
