/** What comes back: immutable results, complete and checked. */
@NullMarked
package dev.stratalens.client.result;

import org.jspecify.annotations.NullMarked;
