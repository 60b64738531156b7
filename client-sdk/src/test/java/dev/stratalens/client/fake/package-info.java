/** A server that plays scripted answers, and made-up runs for it to play. */
@NullMarked
package dev.stratalens.client.fake;

import org.jspecify.annotations.NullMarked;
