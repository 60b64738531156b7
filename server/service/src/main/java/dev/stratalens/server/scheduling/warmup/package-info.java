/** Passes and calls that warm a server up while nobody needs it. */
@NullMarked
package dev.stratalens.server.scheduling.warmup;

import org.jspecify.annotations.NullMarked;
