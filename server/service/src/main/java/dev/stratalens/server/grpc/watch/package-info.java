/** Calls as requests that an operator is told of. */
@NullMarked
package dev.stratalens.server.grpc.watch;

import org.jspecify.annotations.NullMarked;
