/**
 * Requests as they are read and results as they are written: everything between generated messages and the engine's own terms. No
 * calls, no streams.
 */
@NullMarked
package dev.stratalens.server.grpc.message;

import org.jspecify.annotations.NullMarked;
