/**
 * What requests say, in the words of the engine.
 */
@NullMarked
package dev.stratalens.server.grpc.request;

import org.jspecify.annotations.NullMarked;
