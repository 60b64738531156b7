/**
 * Answers on their way: what waits for a reader, for how long, and how much of it.
 */
@NullMarked
package dev.stratalens.server.grpc.stream;

import org.jspecify.annotations.NullMarked;
