/**
 * The gRPC services and their calls. Only this package and those below import gRPC or generated messages.
 */
@NullMarked
package dev.stratalens.server.grpc;

import org.jspecify.annotations.NullMarked;
