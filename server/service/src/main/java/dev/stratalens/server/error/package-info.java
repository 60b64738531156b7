/**
 * What can go wrong, in the domain's own terms. Every other package throws these; only the gRPC layer knows their statuses.
 */
@NullMarked
package dev.stratalens.server.error;

import org.jspecify.annotations.NullMarked;
