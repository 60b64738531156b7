/** A mixed load for a long time, and what the server holds meanwhile. */
@NullMarked
package dev.stratalens.bench.soak;

import org.jspecify.annotations.NullMarked;
