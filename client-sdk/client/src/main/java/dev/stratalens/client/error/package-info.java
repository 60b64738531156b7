/** What a call can fail with: a code, what to do about it, and typed details. */
@NullMarked
package dev.stratalens.client.error;

import org.jspecify.annotations.NullMarked;
