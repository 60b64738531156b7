/**
 * Messages that several calls answer with: models, pages of them, times.
 */
@NullMarked
package dev.stratalens.server.grpc.message;

import org.jspecify.annotations.NullMarked;
