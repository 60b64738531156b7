/**
 * Results as events of bounded size.
 */
@NullMarked
package dev.stratalens.server.grpc.result;

import org.jspecify.annotations.NullMarked;
