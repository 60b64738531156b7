/** Passes and calls that warm a server up while it has nothing else to do. */
@NullMarked
package dev.stratalens.server.scheduling.warmup;

import org.jspecify.annotations.NullMarked;
