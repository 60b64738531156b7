/** Who makes the call that is running. */
@NullMarked
package dev.stratalens.server.grpc.access;

import org.jspecify.annotations.NullMarked;
