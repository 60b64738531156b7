/**
 * Failures as statuses of the contract.
 */
@NullMarked
package dev.stratalens.server.grpc.status;

import org.jspecify.annotations.NullMarked;
