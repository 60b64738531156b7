/** Calls as they run, and why one failed. Not API. */
@NullMarked
package dev.stratalens.client.internal.call;

import org.jspecify.annotations.NullMarked;
