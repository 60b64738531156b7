/**
 * The gRPC services. The only package that imports gRPC or generated messages.
 */
@NullMarked
package dev.stratalens.server.grpc;

import org.jspecify.annotations.NullMarked;
